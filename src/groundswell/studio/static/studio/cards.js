// Shows what becomes of each choice at once: the contrasts first, then the cards one after another.
(() => {
  "use strict";
  const form = document.querySelector("[data-cards]");
  if (!form) return;
  const list = form.querySelector("[data-contrast-list]");
  const pictures = [...form.querySelectorAll("[data-card]")];
  let run = 0;
  let timer = 0;

  const choices = () => {
    const sent = new URLSearchParams(new FormData(form));
    sent.delete("csrfmiddlewaretoken");
    return sent.toString();
  };

  const draw = async (picture, query) => {
    const figure = picture.closest("figure");
    const trouble = figure.querySelector("[data-card-trouble]");
    const answer = await fetch(`${picture.dataset.card}?${query}`);
    if (answer.ok) {
      const old = picture.src;
      picture.src = URL.createObjectURL(await answer.blob());
      if (old.startsWith("blob:")) URL.revokeObjectURL(old);
      trouble.textContent = "";
    } else {
      trouble.textContent = answer.status === 422 ? await answer.text() : `${answer.status}`;
    }
    figure.classList.toggle("gw-cards__one--faulty", !answer.ok);
  };

  const show = async () => {
    const mine = ++run;
    const query = choices();
    try {
      const answer = await fetch(`${form.dataset.contrast}?${query}`);
      if (answer.ok && mine === run) list.innerHTML = await answer.text();
      for (const picture of pictures) {
        if (mine !== run) return;
        await draw(picture, query);
      }
    } catch {
      // The studio is away for a moment: the next choice asks again.
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 400);
  });
  // What the button does without a script has been done already.
  const look = form.querySelector("[data-look]");
  if (look) look.hidden = true;
})();
