// The editor of a text: the count and the preview follow what is typed. Without this script its button asks for them.
(() => {
  "use strict";
  const form = document.querySelector("[data-text-editor]");
  if (!form) return;
  const shown = form.querySelector("[data-look]");
  let asked = 0;
  let timer = 0;
  const kept = words();

  function words() {
    const data = new FormData(form);
    // A file is sent once, with the save: a look at the text needs none.
    data.delete("upload");
    return data;
  }

  function same(one, other) {
    const [a, b] = [[...one.entries()], [...other.entries()]];
    return a.length === b.length && a.every(([name, value], place) => name === b[place][0] && value === b[place][1]);
  }

  // Answers may overtake each other: only that to the latest question is shown.
  async function look() {
    const mine = ++asked;
    const data = words();
    const answer = await fetch(form.dataset.lookUrl, { method: "POST", body: data }).catch(() => null);
    if (mine !== asked || !answer || !answer.ok || answer.redirected) return;
    const sent = document.createElement("template");
    sent.innerHTML = await answer.text();
    if (mine === asked) shown.replaceChildren(sent.content);
  }

  form.dataset.live = "";
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 250);
  });

  // Nobody loses a text to a slip on the back button.
  let saving = false;
  form.addEventListener("submit", () => {
    saving = true;
  });
  addEventListener("beforeunload", (event) => {
    if (!saving && !same(kept, words())) event.preventDefault();
  });
})();
