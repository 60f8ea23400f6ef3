// Show new mail without a reload: ask for the page again and put its list in place of ours.
"use strict";
let last = "";
async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const text = await answer.text();
    if (!answer.ok || text === last) return;
    last = text;
    const page = new DOMParser().parseFromString(text, "text/html");
    for (const id of ["mails", "count"]) {
      const fresh = page.getElementById(id);
      const old = document.getElementById(id);
      if (fresh.innerHTML !== old.innerHTML) old.replaceChildren(...fresh.childNodes);
    }
  } catch {
    // The sink is being restarted; the next round will find it.
  }
}
setInterval(refresh, 2000);
document.addEventListener("visibilitychange", refresh);
