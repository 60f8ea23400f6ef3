// Makes a page that works without it more comfortable. Nothing here is needed to take part.
(() => {
  "use strict";
  const page = document;
  const lang = page.documentElement.lang;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const all = (selector, root = page) => [...root.querySelectorAll(selector)];
  const pause = (ms) => new Promise((resume) => setTimeout(resume, ms));
  const element = (name, attributes, text) => {
    const made = page.createElement(name);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    if (text) made.textContent = text;
    return made;
  };

  // ---- Sending a form: one key for one content, so that trying again can never count twice.

  const newKey = () =>
    [...crypto.getRandomValues(new Uint8Array(32))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");

  const clearErrors = (form) => {
    const old = page.getElementById("summary");
    if (old) old.remove();
    all("[id^=error-]", form).forEach((place) => place.replaceChildren());
    all("[aria-invalid]", form).forEach((input) => input.removeAttribute("aria-invalid"));
  };

  // What the list of errors calls a field; a box to tick is there with its words.
  const named = (field) => {
    const place = page.getElementById("f-" + field);
    if (!place || place.closest(".tick")) return "";
    const label = (place.matches("fieldset") ? place : place.parentElement).querySelector("legend,label");
    return label.firstChild.textContent.trim() + ": ";
  };

  const showErrors = (form, error) => {
    clearErrors(form);
    const summary = element("div", { class: "summary", role: "alert", tabindex: "-1", id: "summary" });
    const list = element("ul", {});
    summary.append(element("h2", {}, form.dataset.summary), list);
    for (const wrong of error.fields || []) {
      const line = element("li", {});
      line.append(element("a", { href: "#f-" + wrong.field }, named(wrong.field) + wrong.message));
      list.append(line);
      const place = page.getElementById("error-" + wrong.field);
      if (!place) continue;
      place.append(element("p", { class: "error" }, wrong.message));
      all("[name]", form)
        .filter((input) => input.name === wrong.field)
        .forEach((input) => input.setAttribute("aria-invalid", "true"));
    }
    if (!list.children.length) {
      list.append(element("li", {}, error.message || form.dataset.failed));
    }
    form.before(summary);
    summary.focus();
    summary.scrollIntoView({ block: "center" });
  };

  // A link in the summary leads to its field: put the cursor there too, also in a group.
  page.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest(".summary a");
    const field = link && page.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    (field.matches("fieldset") ? field.querySelector("input") : field).focus();
  });

  // What is worth trying again, and in which words we say so. Anything else is shown and left.
  const REASONS = { 408: "offline", 429: "crowded", 502: "offline", 503: "busy", 504: "offline" };

  const attempt = async (payload) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 20000);
    try {
      const answer = await fetch(location.pathname + location.search, {
        method: "POST",
        headers: {
          Accept: "application/json",
          "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
        },
        body: payload,
        signal: stop.signal,
      });
      const body = await answer.json().catch(() => ({}));
      if (answer.ok) return { next: body.next, stored: body };
      const why = REASONS[answer.status];
      if (why) return { why, wait: Number(answer.headers.get("Retry-After")) };
      return { error: body.error || {} };
    } catch {
      return { why: "offline" };
    } finally {
      clearTimeout(timer);
    }
  };

  const enhance = (form) => {
    const started = performance.now();
    const button = form.querySelector("button");
    const status = all("[role=status]", form).pop();
    let sending = false;
    let content = "";
    let payload = "";
    const say = (words) => {
      status.textContent = words;
    };
    // For the script of letters and calls, which has more to show than an error or a next page.
    const tell = (what, detail) => form.dispatchEvent(new CustomEvent(what, { detail }));
    const holdOn = (event) => event.preventDefault();
    const settle = (busy) => {
      sending = busy;
      button.setAttribute("aria-disabled", String(busy));
      form.setAttribute("aria-busy", String(busy));
      (busy ? addEventListener : removeEventListener)("beforeunload", holdOn);
    };
    const countdown = async (seconds, words) => {
      // Said once; the numbers that follow are for the eye and would be a nuisance to the ear.
      for (let left = seconds; left > 0; left--) {
        say(words.replace("{n}", left));
        status.setAttribute("aria-live", "off");
        await pause(1000);
      }
      status.removeAttribute("aria-live");
    };
    const send = async () => {
      for (let tries = 0; ; tries++) {
        say(form.dataset.sending);
        const result = await attempt(payload);
        if (result.next) {
          settle(false);
          tell("stored", result.stored);
          const next = new URL(result.next, location.href);
          if (next.origin === location.origin) location.assign(next.href);
          return;
        }
        if (!result.why) {
          settle(false);
          say("");
          showErrors(form, result.error || {});
          tell("refused", result.error || {});
          return;
        }
        // Everybody waits a little differently, or all would come back in the same second.
        const base = result.wait || Math.min(60, 2 ** (tries + 1));
        const seconds = Math.ceil(base * (1 + Math.random() * 0.4));
        await countdown(seconds, form.dataset[result.why]);
      }
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (sending) return;
      const data = new URLSearchParams(new FormData(form));
      if (data.toString() !== content) {
        content = data.toString();
        data.set("key", newKey());
        data.set("shown", String(Math.round(performance.now() - started)));
        payload = data.toString();
      }
      settle(true);
      clearErrors(form);
      send();
    });
    addEventListener("pageshow", (event) => {
      if (event.persisted) {
        settle(false);
        say("");
      }
    });
  };
  all("form[data-send]").forEach(enhance);

  // ---- The bar that leads to the form is in the way while the form is there.

  const form = page.querySelector(".sign form");
  if (form && window.IntersectionObserver) {
    const look = (seen) => {
      const there = seen[seen.length - 1].isIntersecting;
      all(".cta").forEach((bar) => bar.classList.toggle("away", there));
    };
    new IntersectionObserver(look, { rootMargin: "0px 0px -40%" }).observe(form);
  }

  // ---- The count: looked up while somebody looks at it.

  const numbers = new Intl.NumberFormat(lang, { useGrouping: "always" });
  const plural = new Intl.PluralRules(lang);
  const shown = new Map();

  const write = (key, count) => {
    all(`[data-count="${key}"]`).forEach((one) => (one.textContent = numbers.format(count)));
    all(`[data-progress="${key}"]`).forEach((one) => (one.value = count));
    all(`[data-tally="${key}"]`).forEach((one) => (one.dataset.n = count));
    all(`[data-unit="${key}"]`).forEach((one) => {
      one.textContent = one.dataset[plural.select(count)] || one.dataset.other;
    });
  };

  const roll = (key, count) => {
    const from = shown.get(key);
    shown.set(key, count);
    if (from === undefined || calm.matches || Math.abs(count - from) < 2) return write(key, count);
    const start = performance.now();
    const step = (now) => {
      if (shown.get(key) !== count) return;
      const part = Math.min(1, (now - start) / 900);
      write(key, Math.round(from + (count - from) * (1 - (1 - part) ** 3)));
      if (part < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  };

  const refresh = async (key) => {
    try {
      const answer = await fetch(`/count/${key}.json`);
      if (!answer.ok) return;
      const count = (await answer.json()).counted;
      if (Number.isInteger(count) && count !== shown.get(key)) roll(key, count);
    } catch {
      // The number in the page stays; the next look may succeed.
    }
  };

  const tallies = all("[data-tally]");
  tallies.forEach((one) => shown.set(one.dataset.tally, Number(one.dataset.n)));
  const look = () => {
    if (page.visibilityState === "visible") [...shown.keys()].forEach(refresh);
  };
  if (tallies.length) {
    look();
    setInterval(look, 9000 + Math.random() * 2000);
    page.addEventListener("visibilitychange", look);
  }

  // ---- Sharing.

  const said = page.querySelector("[data-said]");
  const announce = (words) => {
    if (said) said.textContent = words;
  };
  all("[data-share]").forEach((button) => {
    if (!navigator.share) return;
    button.parentElement.hidden = false;
    button.addEventListener("click", () => {
      const { url, text, title } = button.dataset;
      // A person who closes the sheet has changed their mind; that is no error.
      navigator.share({ url, text, title }).catch(() => {});
    });
  });
  all("[data-copy]").forEach((button) => {
    button.parentElement.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        announce(button.dataset.done);
      } catch {
        // Some in-app browsers forbid it: show the link, so that it can be copied by hand.
        announce(button.dataset.failed);
      }
    });
  });
  all("[data-mastodon]").forEach((link) => {
    const form = page.querySelector(".masto");
    link.addEventListener("click", (event) => {
      event.preventDefault();
      form.hidden = false;
      form.elements.server.focus();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const host = form.elements.server.value.trim().replace(/^https?:\/\//, "").replace(/\/.*$/, "");
      if (!/^[\p{L}\p{N}.-]+\.[\p{L}\p{N}-]{2,}$/u.test(host)) return form.elements.server.focus();
      location.assign(`https://${host}/share?text=${encodeURIComponent(link.dataset.mastodon)}`);
    });
  });

  // ---- Who sent a visitor stays known when they change the language or go on to the form, and
  // so does the token of a link in our mails, which only the same page may get. Without this script
  // the door sees to it: it answers at /k/-/ and leads on to the same address.

  const query = new URLSearchParams(location.search);
  const keep = (links, name, pattern) => {
    const value = query.get(name);
    if (!value || !pattern.test(value)) return;
    for (const link of links) {
      const url = new URL(link.href);
      url.searchParams.set(name, value);
      link.href = url.href;
    }
  };
  const kept = all("a[data-keep]");
  for (const link of kept) link.setAttribute("href", link.getAttribute("href").replace("/k/-/", "/"));
  const translated = all("a[data-keep=token]");
  keep(kept, "s", /^[a-z0-9_-]{1,32}$/);
  keep(translated, "t", /^[\w-]+$/);
  if (translated.length) page.querySelector(".langs").hidden = false;
})();
