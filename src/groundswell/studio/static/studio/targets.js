// A target list: search as you type, pick with a click, and see at once who is on it. Without this script the form
// does the same with its buttons.
(() => {
  "use strict";
  const form = document.querySelector("[data-targets]");
  if (!form) return;
  const box = form.querySelector("[name=q]");
  const found = form.querySelector("[data-found]");
  const picked = form.querySelector("[data-picked]");
  const preview = form.querySelector("[data-preview]");
  form.querySelector("[data-look]").hidden = true;
  let searches = 0;
  let looks = 0;
  let typing = 0;
  let changing = 0;

  const has = (key) => [...picked.querySelectorAll("[name=keys]")].some((one) => one.value === key);

  function make(name, text, className) {
    const node = document.createElement(name);
    node.textContent = text;
    if (className) node.className = className;
    return node;
  }

  function who(one) {
    const words = document.createElement("span");
    const name = make("bdi", one.name);
    words.append(name, make("span", one.under, "gw-under"));
    return words;
  }

  function pick(one) {
    if (has(one.key)) return;
    const row = document.createElement("li");
    const input = document.createElement("input");
    Object.assign(input, { type: "checkbox", name: "keys", value: one.key, checked: true });
    input.setAttribute("aria-label", one.name);
    row.append(input, who(one));
    picked.append(row);
    show();
  }

  function offer(results) {
    const rows = results
      .filter((one) => !has(one.key))
      .map((one) => {
        const row = document.createElement("li");
        const button = make("button", "");
        button.type = "button";
        button.append(who(one));
        button.addEventListener("click", () => {
          pick(one);
          found.replaceChildren();
          box.value = "";
          box.focus();
        });
        row.append(button);
        return row;
      });
    if (!rows.length) {
      const none = make("li", form.dataset.none, "gw-quiet gw-found__none");
      none.setAttribute("role", "status");
      rows.push(none);
    }
    found.replaceChildren(...rows);
  }

  // Answers may overtake each other: only that to the latest question is shown.
  async function search() {
    const mine = ++searches;
    const words = box.value.trim();
    if (words.length < 2) return found.replaceChildren();
    const answer = await fetch(`${form.dataset.searchUrl}?q=${encodeURIComponent(words)}`).catch(() => null);
    if (mine !== searches || !answer || !answer.ok) return;
    const said = await answer.json();
    if (mine === searches) offer(said.results);
  }

  async function show() {
    const mine = ++looks;
    const answer = await fetch(form.dataset.previewUrl, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (mine !== looks || !answer || !answer.ok) return;
    const sent = document.createElement("template");
    sent.innerHTML = await answer.text();
    if (mine === looks) preview.replaceChildren(sent.content);
  }

  box.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(search, 150);
  });
  box.addEventListener("keydown", (event) => {
    // Enter would save the list; here it takes the first that was found.
    if (event.key === "Enter") {
      event.preventDefault();
      const first = found.querySelector("button");
      if (first) first.click();
    }
    if (event.key === "Escape") found.replaceChildren();
    if (event.key === "ArrowDown") {
      const first = found.querySelector("button");
      if (first) {
        event.preventDefault();
        first.focus();
      }
    }
  });
  found.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") box.focus();
    if (!step) return;
    event.preventDefault();
    const all = [...found.querySelectorAll("button")];
    const next = all[all.indexOf(document.activeElement) + step];
    (next || box).focus();
  });
  form.addEventListener("change", (event) => {
    if (event.target === box || event.target.name === "name") return;
    clearTimeout(changing);
    changing = setTimeout(show, 100);
  });
})();
