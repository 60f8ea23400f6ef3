// One tap to copy, the phone's own share sheet, and numbers that move. The page works without.
(() => {
  "use strict";
  document.documentElement.classList.add("with-js");

  async function copy(text, element) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Browsers inside other apps often have no clipboard for us: choose the text, and try theirs.
      const range = document.createRange();
      range.selectNodeContents(element);
      const chosen = getSelection();
      chosen.removeAllRanges();
      chosen.addRange(range);
      return document.execCommand("copy");
    }
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    const words = button.textContent;
    let timer = 0;
    button.addEventListener("click", async () => {
      const element = document.getElementById(button.dataset.copy);
      if (!(await copy(element.textContent, element))) return;
      button.textContent = `✓ ${button.dataset.copied}`;
      button.setAttribute("aria-live", "polite");
      clearTimeout(timer);
      timer = setTimeout(() => (button.textContent = words), 2500);
    });
  }

  for (const button of document.querySelectorAll("[data-share]")) {
    if (!navigator.share) {
      button.remove();
      continue;
    }
    button.addEventListener("click", () => {
      const text = document.getElementById(button.dataset.share).textContent;
      navigator.share({ text }).catch(() => {});
    });
  }

  const live = document.querySelector("[data-live]");
  if (!live) return;
  let shown = "";
  let failures = 0;
  let timer = 0;

  async function refresh() {
    timer = 0;
    try {
      const answer = await fetch(live.dataset.live, { credentials: "omit", cache: "no-store" });
      // The link is over: what stands here stays, and nobody asks again.
      if (answer.status === 404 || answer.status === 429) return;
      if (!answer.ok) throw new Error(String(answer.status));
      const sent = await answer.text();
      if (sent !== shown) {
        const parsed = document.createElement("template");
        parsed.innerHTML = sent;
        live.replaceChildren(parsed.content);
        shown = sent;
      }
      failures = 0;
    } catch {
      failures += 1;
    }
    schedule();
  }

  function schedule() {
    if (!timer && !document.hidden) timer = setTimeout(refresh, 3000 * Math.min(2 ** failures, 20));
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    timer = 0;
    if (!document.hidden) refresh();
  });
  schedule();
})();
