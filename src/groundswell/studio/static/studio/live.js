// Keeps numbers moving without a reload: fetches the same fragment again and changes only what differs.
(() => {
  "use strict";
  const root = document.querySelector("[data-live-url]");
  if (!root) return;
  const wait = Number(root.dataset.liveEvery || 5) * 1000;
  const status = document.querySelector("[data-live-status]");
  let timer = 0;
  let failures = 0;

  // Changing nodes in place keeps focus, selection, scroll position and opened details as they are.
  function morph(old, fresh) {
    const alike = old.nodeName === fresh.nodeName && old.childNodes.length === fresh.childNodes.length;
    if (!alike) {
      old.replaceWith(document.importNode(fresh, true));
      return;
    }
    if (old.nodeType === Node.TEXT_NODE) {
      if (old.data !== fresh.data) old.data = fresh.data;
      return;
    }
    if (old.nodeType === Node.ELEMENT_NODE) attributes(old, fresh);
    children(old, fresh);
  }

  function children(old, fresh) {
    if (old.childNodes.length !== fresh.childNodes.length) {
      old.replaceChildren(document.importNode(fresh, true));
      return;
    }
    const pairs = [...old.childNodes].map((node, index) => [node, fresh.childNodes[index]]);
    for (const [node, other] of pairs) morph(node, other);
  }

  function attributes(old, fresh) {
    for (const { name, value } of [...fresh.attributes]) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    for (const { name } of [...old.attributes]) {
      if (name !== "open" && !fresh.hasAttribute(name)) old.removeAttribute(name);
    }
  }

  function say(key) {
    if (!status) return;
    const words = key ? status.dataset[key] : "";
    if (status.textContent !== words) status.textContent = words;
  }

  async function refresh() {
    timer = 0;
    try {
      const answer = await fetch(root.dataset.liveUrl, {
        credentials: "same-origin",
        headers: { "X-Requested-With": "XMLHttpRequest" },
      });
      if (answer.redirected || answer.status === 403) return say("loggedOut");
      if (!answer.ok) throw new Error(String(answer.status));
      // A template keeps white space as it is sent, which a parsed document does not.
      const sent = document.createElement("template");
      sent.innerHTML = await answer.text();
      children(root, sent.content);
      failures = 0;
      say("");
    } catch (error) {
      failures += 1;
      if (failures > 1) say("offline");
    }
    schedule();
  }

  function schedule() {
    if (!timer && !document.hidden) timer = setTimeout(refresh, wait * Math.min(2 ** failures, 12));
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      clearTimeout(timer);
      timer = 0;
    } else if (!timer) {
      refresh();
    }
  });
  schedule();
})();
