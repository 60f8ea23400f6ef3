// Letters and calls made comfortable: finds who represents a postcode, shows a letter as the office
// will read it, leads from one call to the next. Nothing here is needed to take part: without it
// the same form asks in two steps.
//
// What it reads (a star: it does nothing without it):
//   form[data-reach="letter"]*      data-action*="<page key>"; also has data-send, as any form;
//                                   data-channels="email cwc form print": the page's, best first
//   section[data-reach="call"]*     around all of it, the form too; data-action*="<page key>"
//     [data-plain]                  what is only there for those without a script: it is hidden
//     [data-call]                   an empty place for the cards
//     [data-script]                 what to say, with marks such as {target}; moves into the cards
//   section[data-reach="thanks"]*   on the thank-you page, empty and hidden; data-action*,
//                                   data-report="<path>": where `report` is posted
//   public/division.html            in the form, for the field `division`: it finds the people for
//                                   input[name=postcode] of the same form
//   public/reach_words.html         once on each of these pages: every word it says
//   [data-target="<key>"]           a decision maker the page is about; data-name, data-role,
//                                   data-organization, data-party, data-salutation, data-kind,
//                                   data-group, data-channel="email|cwc|webhook|form|print",
//                                   data-form, data-url, data-phone, data-address, data-hours,
//                                   data-zone, data-offices='[{"city","phone","address","hours",
//                                   "zone","lat","lon"}]'
//   textarea[data-letter="<group>"] a text; what it holds at first is the organiser's. The group
//                                   whose name is empty is for everybody that has no other;
//                                   data-groups="house senate": kinds of office that get this text;
//                                   data-limit="<characters>": the most the channel takes
//   input[data-subject="<group>"]   the subject of that text
//   input[data-point="<text>"]      a talking point to tick; ticked ones stand where {points} is
//   [data-preview]                  an empty place for the letter as it will be read
//
// The spec's side of it: FieldSpec("division", "division", required=True, choices=<kinds of
// office>, lookup="us") and, where one person is meant (a call), FieldSpec("target", "target",
// choices=<keys of the page's own targets>, lookup="us"). A refill page shows what may be chosen in
// the slots `regions:division`, `choices:division`, `choices:target`.
(() => {
  "use strict";
  const page = document;
  const root = page.documentElement;
  const lang = root.lang;
  const all = (selector, inside = page) => [...inside.querySelectorAll(selector)];
  const first = (selector, inside = page) => inside.querySelector(selector);
  const pause = (ms) => new Promise((resume) => setTimeout(resume, ms));
  const list = (text) => (text || "").split(" ").filter(Boolean);
  const told = first("[data-words]");
  const put = (text, values) =>
    text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  const say = (name, values = {}) => put((told && told.dataset[name]) || "", values);
  const later = (ms, work) => {
    let timer = 0;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(work, ms);
    };
  };
  // element("p", { class: "x" }, "text", child): what is empty is left out.
  const element = (name, attributes, ...children) => {
    const made = page.createElement(name);
    for (const key in attributes || {}) {
      if (attributes[key] !== undefined) made.setAttribute(key, attributes[key]);
    }
    made.append(...children.filter((child) => child !== "" && child !== null && child !== undefined));
    return made;
  };
  const button = (words, work, attributes = {}) => {
    const made = element("button", { type: "button", class: "btn quiet", ...attributes }, words);
    made.addEventListener("click", work);
    return made;
  };
  // What a tab remembers. Some browsers forbid it; then nothing is kept, and all else still works.
  const recall = (name) => {
    try {
      return JSON.parse(sessionStorage.getItem(name));
    } catch {
      return null;
    }
  };
  const keep = (name, value) => {
    try {
      if (value === null) sessionStorage.removeItem(name);
      else sessionStorage.setItem(name, JSON.stringify(value));
    } catch {
      // Nothing is lost but comfort.
    }
  };
  const newKey = () =>
    [...crypto.getRandomValues(new Uint8Array(32))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");

  const post = (path, values) =>
    fetch(path, {
      method: "POST",
      keepalive: true,
      headers: {
        Accept: "application/json",
        "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
      },
      body: new URLSearchParams(values).toString(),
    });

  // ---- The published lookup: a few small files, each fetched once.

  const files = new Map();
  const load = (path) => {
    if (!files.has(path)) {
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), 10000);
      const coming = fetch(path, { signal: stop.signal })
        .then((answer) => {
          if (answer.status === 404) return null;
          if (!answer.ok) throw new Error(answer.status);
          return answer.json();
        })
        .finally(() => clearTimeout(timer));
      // What did not come may come the next time somebody types.
      coming.catch(() => files.delete(path));
      files.set(path, coming);
    }
    return files.get(path);
  };

  // A digit of any script as ours: each script's ten follow each other from its zero.
  const digit = (sign) => {
    let n = 0;
    const code = sign.codePointAt(0);
    while (n < 10 && /\p{Nd}/u.test(String.fromCodePoint(code - n - 1))) n++;
    return String(n % 10);
  };
  const plain = (text) =>
    text
      .normalize("NFKC")
      .replace(/\p{Nd}/gu, digit)
      .replace(/[\s\p{Pd}\p{Cf}]/gu, "")
      .toUpperCase();

  class Country {
    constructor(code, kinds) {
      this.folder = `/lookup/${code}/`;
      this.kinds = kinds;
    }

    async open() {
      const index = await load(`${this.folder}index.json`);
      if (!index || index.format !== 1) throw new Error("no lookup");
      this.index = index;
      this.pattern = new RegExp(index.postcode.pattern, "u");
      this.expired = !!index.valid_to && new Date().toISOString().slice(0, 10) > index.valid_to;
      return this;
    }

    // "empty", "typing", "short", "odd", "unknown", or the divisions that a postcode may lie in. What does
    // not look like a postcode yet is odd only once it is `whole`: somebody may still type.
    async find(typed, whole) {
      const rule = this.index.postcode;
      const code = plain(typed);
      if (!code) return "empty";
      if (/^\d+$/.test(code) && code.length < rule.take) {
        return this.pattern.test(code.padStart(rule.take, "0")) ? "short" : "typing";
      }
      if (!this.pattern.test(code)) return whole ? "odd" : "typing";
      if (this.expired) return "unknown";
      const start = code.slice(0, rule.take);
      const shard = (await load(`${this.folder}p/${start.slice(0, rule.shard)}.json`)) || {};
      const found = [];
      for (const [id] of shard[start] || []) {
        const region = await this.region(id);
        const division = region && region.divisions.find((one) => one.id === id);
        if (!division) return "unknown";
        found.push(this.elects(division) ? id : region.region);
      }
      return found.length ? [...new Set(found)] : "unknown";
    }

    elects(division) {
      const { kinds } = this;
      return !kinds.length || (division.offices || []).some((kind) => kinds.includes(kind));
    }

    async region(id) {
      const [name] = this.index.regions.find(([one]) => id === one || id.startsWith(one + "/")) || [];
      const region = name && (await load(`${this.folder}r/${name.split(":").pop()}.json`));
      return region && region.region === name ? region : null;
    }

    // What can be chosen in a region: its districts, or itself where it has none.
    below(region) {
      const inside = region.divisions.filter((one) => one.id !== region.region && this.elects(one));
      return inside.length ? inside.map((one) => one.id) : [region.region];
    }

    async place(id) {
      const region = await this.region(id);
      const division = region && region.divisions.find((one) => one.id === id);
      if (!division) return null;
      const whole = region.divisions.find((one) => one.id === region.region) || division;
      const people = (some) =>
        this.expired
          ? []
          : (some.people || [])
              .filter((key) => region.people[key])
              .map((key) => ({ key, ...region.people[key] }))
              .filter((who) => !this.kinds.length || this.kinds.includes(who.office));
      const own = people(division);
      return {
        id,
        name: division.name,
        own,
        others: whole === division ? [] : people(whole),
        vacant: !!division.vacant && !own.length && this.elects(division),
        changes: this.index.changes[region.region] || this.index.changes[id] || "",
      };
    }
  }

  // ---- A decision maker's face: no pictures of anybody are fetched from anywhere.

  const initials = (name) => {
    const parts = name.split(/\s+/).filter((part) => /^\p{L}/u.test(part) && !/\.$/.test(part));
    return [parts[0], parts.length > 1 ? parts[parts.length - 1] : ""]
      .map((part) => [...(part || "")][0] || "")
      .join("")
      .toLocaleUpperCase(lang);
  };
  const face = (who) =>
    element(
      "span",
      { class: "face" },
      element("span", { class: "initials", "aria-hidden": "true" }, initials(who.name)),
      element(
        "span",
        { class: "who" },
        element("strong", {}, element("bdi", {}, who.name)),
        element(
          "span",
          { class: "small" },
          [who.role, who.organization, who.party].filter(Boolean).join(" · ")
        )
      )
    );
  const faces = (people) =>
    element("ul", { class: "people faces" }, ...people.map((who) => element("li", {}, face(who))));

  const day = (iso) =>
    new Intl.DateTimeFormat(lang, { dateStyle: "long", timeZone: "UTC" }).format(new Date(iso));

  // ---- Where somebody lives: found as soon as the postcode is there, asked for when it must be.

  class Place {
    constructor(box) {
      this.box = box;
      this.form = box.closest("form");
      this.input = first("input[name=postcode]", this.form);
      this.people = first("[data-people]", box);
      this.status = first("[role=status]", box);
      this.country = new Country(box.dataset.lookup, list(box.dataset.kinds));
      this.wanted = this.chosen();
      this.turn = 0;
      this.placed = null;
    }

    start() {
      if (!this.input) return;
      const look = () => this.look(true);
      this.input.addEventListener("input", later(250, () => this.look(false)));
      this.input.addEventListener("change", look);
      this.people.addEventListener("change", (event) => this.choose(event.target));
      addEventListener("online", look);
      this.form.addEventListener("refused", (event) => this.refused(event.detail));
      look();
    }

    chosen() {
      const made = [...this.form.elements].filter((one) => one.name === "division");
      const one = made.find((field) => field.type !== "radio" || field.checked);
      return one ? one.value : "";
    }

    say(words) {
      this.status.textContent = words;
    }

    show(...children) {
      this.people.replaceChildren(...children);
    }

    async look(whole) {
      const typed = this.input.value;
      if (typed === this.seen) return;
      const turn = ++this.turn;
      if (plain(typed)) this.say(say("looking"));
      try {
        await this.country.open();
        const found = await this.country.find(typed, whole);
        // Whoever types on has asked something else by now.
        if (turn !== this.turn) return;
        this.seen = found === "typing" ? null : typed;
        await this.answer(found, turn);
      } catch {
        if (turn !== this.turn) return;
        this.seen = null;
        this.settle(null);
        this.show();
        this.say(plain(typed) ? say("offline") : "");
      }
    }

    async answer(found, turn) {
      if (typeof found === "string") {
        this.settle(null);
        if (found !== "unknown") {
          this.show();
          this.say(say(["short", "odd"].includes(found) ? found : "ready"));
          return;
        }
        this.say(say(this.country.expired ? "expired" : "unknown"));
        await this.askRegion();
        return;
      }
      const places = (await Promise.all(found.map((id) => this.country.place(id)))).filter(Boolean);
      if (turn !== this.turn) return;
      if (places.length === 1) this.one(places[0]);
      else this.several(places, []);
    }

    one(place) {
      this.show(
        element("input", { type: "hidden", name: "division", value: place.id }),
        ...this.portrait(place)
      );
      this.say(say("found"));
      this.settle(place);
    }

    // Who represents a place, and what has to be said about it.
    portrait(place) {
      const people = [...place.own, ...place.others];
      const vacant = people.length ? say("vacant_rest") : say("vacant");
      return [
        people.length ? faces(people) : element("p", {}, place.name),
        place.vacant ? element("p", { class: "note" }, vacant) : "",
        place.changes && people.length
          ? element("p", { class: "note" }, say("redrawn", { date: day(place.changes) }))
          : "",
      ].filter(Boolean);
    }

    several(places, before) {
      this.places = places;
      const rest = element("div", { "data-rest": "" });
      const picks = places.map((place) => {
        const box = element("input", { type: "radio", name: "division", value: place.id });
        box.checked = place.id === this.wanted;
        const lines = place.own.length
          ? place.own.map(face)
          : [element("span", { class: "who" }, place.vacant ? say("vacant") : "")];
        const name = element("span", { class: "small" }, place.name);
        return element("label", { class: "pick" }, box, element("span", {}, ...lines, name));
      });
      this.show(...before, element("div", { class: "picks" }, ...picks), rest);
      if (!before.length) this.say(say("choose"));
      this.settle(null);
      this.choose(first("input:checked", this.people));
    }

    choose(field) {
      if (!field) return;
      if (field.name === "where") {
        this.chooseRegion(field.value);
        return;
      }
      const place = (this.places || []).find((one) => one.id === field.value);
      if (!place) return;
      this.wanted = place.id;
      const rest = first("[data-rest]", this.people);
      const [, ...notes] = this.portrait(place);
      if (rest) rest.replaceChildren(...(place.others.length ? [faces(place.others)] : []), ...notes);
      this.settle(place);
    }

    async askRegion() {
      const { regions } = this.country.index;
      const options = regions.map(([id, name]) => element("option", { value: id }, name));
      const select = element(
        "select",
        { name: "where", id: "f-where", "aria-describedby": this.status.id || undefined },
        element("option", { value: "" }, say("select")),
        ...options
      );
      // It is for finding the division; only that is sent.
      select.setAttribute("form", "nowhere");
      this.where = element("div", {}, element("label", { for: "f-where" }, say("where")), select);
      this.show(this.where);
      const [known] =
        regions.find(([id]) => this.wanted === id || this.wanted.startsWith(id + "/")) || [];
      if (known) {
        select.value = known;
        await this.chooseRegion(known);
      }
    }

    async chooseRegion(id) {
      const turn = ++this.turn;
      this.settle(null);
      if (!id) return this.show(this.where);
      try {
        const region = await this.country.region(id);
        const ids = region ? this.country.below(region) : [];
        const places = (await Promise.all(ids.map((one) => this.country.place(one)))).filter(Boolean);
        if (turn !== this.turn) return;
        if (places.length === 1) {
          const hidden = element("input", { type: "hidden", name: "division", value: places[0].id });
          this.show(this.where, hidden, ...this.portrait(places[0]));
          this.settle(places[0]);
        } else if (places.length) this.several(places, [this.where]);
        else throw new Error("nothing there");
      } catch {
        if (turn === this.turn) this.say(say("offline"));
      }
    }

    // The server knows better than files that did not come here.
    refused(error) {
      const wrong = (error.fields || []).find((one) => one.field === "division");
      if (!wrong || !wrong.choices || this.placed || first("input,select", this.people)) return;
      const picks = wrong.choices.map((one) =>
        element(
          "label",
          { class: "pick" },
          element("input", { type: "radio", name: "division", value: one.value }),
          element("span", {}, one.label)
        )
      );
      this.show(element("div", { class: "picks" }, ...picks));
    }

    settle(place) {
      this.placed = place;
      const people = place ? [...place.own, ...place.others] : [];
      this.form.dispatchEvent(new CustomEvent("placed", { detail: { place, people } }));
    }
  }

  // ---- Decision makers the page itself is about.

  const parsed = (text) => {
    try {
      return JSON.parse(text || "[]");
    } catch {
      return [];
    }
  };
  const fixed = () => {
    const seen = new Map();
    for (const one of all("[data-target]")) {
      const { target, kind, offices, ...about } = one.dataset;
      const who = { key: target, office: kind || "", offices: parsed(offices), ...about };
      if (!seen.has(target)) seen.set(target, who);
    }
    return [...seen.values()];
  };

  // ---- A letter.

  const WORD = /[\p{L}\p{M}\p{N}_]+/gu;
  const wordsOf = (text) => (text.match(WORD) || []).map((word) => word.toLocaleLowerCase());
  const runsOf = (some) => {
    const size = Math.min(3, some.length);
    const runs = [];
    for (let at = 0; size && at + size <= some.length; at++) runs.push(some.slice(at, at + size));
    return runs;
  };
  // The share of words that do not stand in the draft, in runs of three, as the server counts it.
  const ownShare = (text, draft) => {
    const mine = wordsOf(text);
    const same = (one) => one.split(/\s+/).filter(Boolean).join(" ");
    if (!mine.length || same(text) === same(draft)) return 0;
    const known = new Set(runsOf(wordsOf(draft)).map((run) => run.join(" ")));
    const borrowed = new Set();
    runsOf(mine).forEach((run, at) => {
      if (known.has(run.join(" "))) run.forEach((_, n) => borrowed.add(at + n));
    });
    return 1 - borrowed.size / mine.length;
  };
  const segments = window.Intl && Intl.Segmenter ? new Intl.Segmenter(lang) : null;
  const lengthOf = (text) => (segments ? [...segments.segment(text)].length : [...text].length);
  const percent = new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 0 });
  const numbers = new Intl.NumberFormat(lang);

  class Letter {
    constructor(form) {
      this.form = form;
      this.fixed = fixed();
      this.own = [];
      this.texts = all("textarea[data-letter]", form).map((area) => this.text(area));
      this.current = "";
      this.draft = `draft:${location.pathname}`;
    }

    start() {
      this.restore();
      const save = later(300, () => this.save());
      const redraw = later(150, () => this.draw());
      this.form.addEventListener("input", () => {
        this.over = false;
        save();
        redraw();
      });
      this.form.addEventListener("placed", (event) => {
        this.own = event.detail.people;
        save();
        this.draw();
      });
      this.form.addEventListener("stored", (event) => this.stored(event.detail));
      this.draw();
    }

    text(area) {
      const meter = element("progress", { max: "100", value: "0", "aria-hidden": "true" });
      const share = element("span", { class: "share-own" });
      const praise = element("span", { class: "small" });
      const left = element("p", { class: "left small", role: "status" });
      area.after(element("p", { class: "own" }, meter, share, " ", praise), left);
      // The published page holds the organiser's draft; a page that came back holds what was sent.
      return { area, draft: area.defaultValue, meter, share, praise, left };
    }

    // What was typed survives a reload, in this tab alone, until it is sent.
    fields() {
      return [...this.form.elements].filter(
        (one) => one.name && !["website", "division"].includes(one.name) && one.type !== "hidden"
      );
    }

    save() {
      if (this.over) return;
      const place = first("[name=division]:checked,[name=division][type=hidden]", this.form);
      keep(this.draft, {
        division: place ? place.value : "",
        fields: this.fields().map((one) => [one.name, one.value, !!one.checked]),
      });
    }

    restore() {
      const saved = recall(this.draft);
      if (!saved || page.getElementById("summary")) return;
      const boxes = ["checkbox", "radio"];
      for (const [name, value, checked] of saved.fields) {
        for (const one of this.fields().filter((field) => field.name === name)) {
          if (!boxes.includes(one.type)) one.value = value;
          else if (one.value === value) one.checked = checked;
        }
      }
      this.division = saved.division;
    }

    // Who gets which text: that of the group for their kind of office, or the one for everybody.
    recipients() {
      const named = this.texts.filter(({ area }) => area.dataset.letter);
      const rest = this.texts.find(({ area }) => !area.dataset.letter);
      const seen = new Set();
      const found = [];
      const add = (who, text) => {
        if (!text || seen.has(who.key)) return;
        seen.add(who.key);
        found.push({ who, text });
      };
      const group = (name) => this.texts.find(({ area }) => area.dataset.letter === name);
      const mine = (who) =>
        named.find(({ area }) => list(area.dataset.groups).includes(who.office)) || rest;
      this.own.forEach((who) => add(who, mine(who)));
      this.fixed.forEach((who) => add(who, group(who.group || "") || rest));
      return found;
    }

    value(name) {
      const field = this.form.elements[name];
      return field && typeof field.value === "string" ? field.value.trim() : "";
    }

    points() {
      return all("[data-point]", this.form)
        .filter((box) => box.checked)
        .map((box) => box.dataset.point);
    }

    // One pass: what somebody types into a field is never taken for a mark.
    merged(text, who, blank = "") {
      const values = {
        salutation: who.salutation || who.name,
        target: who.name,
        role: who.role || "",
        points: this.points().join("\n\n"),
      };
      for (const name of ["given_name", "family_name", "city", "postcode"]) {
        values[name] = this.value(name) || blank;
      }
      return put(text, values);
    }

    body(text, who, blank) {
      let words = text.area.value;
      if (!words.includes("{points}")) {
        const missing = this.points().filter((point) => !words.includes(point));
        words = [words.trimEnd(), ...missing].join("\n\n");
      }
      return this.merged(words, who, blank).replace(/\n{3,}/g, "\n\n").trim();
    }

    subject(text, who, blank) {
      const field = this.form.elements["subject" + text.area.name.slice("body".length)];
      return this.merged(field ? field.value : "", who, blank).replace(/\s+/g, " ").trim();
    }

    way(who) {
      if (who.channel) return who.channel;
      const possible = who.ways || [];
      return (
        list(this.form.dataset.channels).find(
          (way) => possible.includes(way) || way === "webhook" || way === "print"
        ) || "print"
      );
    }

    draw() {
      this.texts.forEach((text) => this.measure(text));
      this.preview();
    }

    measure(text) {
      const share = ownShare(text.area.value, text.draft);
      text.meter.value = Math.round(share * 100);
      text.share.textContent = say("own", { n: percent.format(share) });
      text.praise.textContent = say(
        share < 0.02 ? "own_none" : share < 0.4 ? "own_some" : "own_much"
      );
      const limit = Number(text.area.dataset.limit) || 0;
      const left = limit - lengthOf(text.area.value.replace(/\r\n/g, "\n"));
      const near = limit && left < Math.max(200, limit / 10);
      text.left.classList.toggle("error", left < 0 && !!limit);
      const words = !near ? "" : say(left < 0 ? "over" : "left", { n: numbers.format(Math.abs(left)) });
      if (text.left.textContent !== words) text.left.textContent = words;
    }

    preview() {
      const place = first("[data-preview]", this.form);
      if (!place) return;
      const found = this.recipients();
      const stand_in = { who: { key: "", name: say("nobody") }, text: this.texts[0] };
      const one = found.find(({ who }) => who.key === this.current) || found[0] || stand_in;
      if (!one.text) return;
      if (!this.sheet) {
        this.title = element("h4", {}, say("preview"));
        this.whom = element("div", { class: "whom" });
        this.sheet = element("div", { class: "sheet", dir: "auto" });
        place.append(this.title, this.whom, this.sheet);
      }
      this.tabs(found, one.who.key);
      this.sheet.replaceChildren(...this.paper(one.who, one.text, "…"));
    }

    tabs(found, current) {
      const shown = found.map(({ who }) => who.key).join();
      if (shown !== this.shown) {
        this.shown = shown;
        const select = element(
          "select",
          { "aria-label": say("preview"), form: "nowhere" },
          ...found.map(({ who }) =>
            element("option", { value: who.key }, say("show", { name: who.name }))
          )
        );
        select.addEventListener("change", () => {
          this.current = select.value;
          this.preview();
        });
        this.whom.replaceChildren(...(found.length > 1 ? [select] : []));
      }
      const select = first("select", this.whom);
      if (select) select.value = current;
    }

    // The letter as it lies on somebody's desk.
    paper(who, text, blank) {
      const lines = (...some) => some.filter(Boolean);
      const name = lines(this.value("given_name"), this.value("family_name")).join(" ") || blank;
      return sheet({
        from: lines(
          lines(this.value("prefix"), name).join(" "),
          this.value("street"),
          lines(this.value("city"), this.value("region"), this.value("postcode")).join(" ")
        ),
        to: lines(who.name, who.role, who.organization, ...(who.address || "").split("\n")),
        subject: this.subject(text, who, blank),
        body: this.body(text, who, blank),
        name,
      });
    }

    stored(answer) {
      const lines = (...some) => some.filter(Boolean);
      const name = lines(this.value("given_name"), this.value("family_name")).join(" ");
      keep(`sent:${this.form.dataset.action}`, {
        id: answer.id || "",
        name,
        from: lines(
          lines(this.value("prefix"), name).join(" "),
          this.value("street"),
          lines(this.value("city"), this.value("region"), this.value("postcode")).join(" ")
        ),
        letters: this.recipients().map(({ who, text }) => ({
          ...who,
          offices: undefined,
          way: this.way(who),
          subject: this.subject(text, who, ""),
          body: this.body(text, who, ""),
        })),
      });
      // What waits to be kept comes too late now.
      this.over = true;
      keep(this.draft, null);
    }
  }

  const sheet = ({ from, to, subject, body, name }) => [
    element("p", { class: "from" }, from.join("\n")),
    element("p", { class: "to" }, to.join("\n")),
    element("p", { class: "date" }, new Intl.DateTimeFormat(lang, { dateStyle: "long" }).format()),
    element("p", { class: "subject" }, subject),
    ...body.split(/\n{2,}/).map((part) => element("p", { class: "said" }, part)),
    element("p", { class: "signed" }, name),
  ];

  // ---- After a letter: what only its sender can do.

  class Thanks {
    constructor(section) {
      this.section = section;
      this.name = `sent:${section.dataset.action}`;
      this.sent = recall(this.name);
    }

    start() {
      if (!this.sent || !(this.sent.letters || []).length) return;
      const cards = this.sent.letters.map((letter) => this.card(letter));
      this.section.append(
        element("h2", {}, say("next")),
        element("ul", { class: "people faces todo" }, ...cards)
      );
      this.section.hidden = false;
    }

    card(letter) {
      const status = element("p", { class: "status", role: "status" });
      const card = element("li", {}, face(letter));
      if (letter.way === "form" && (letter.form || letter.url)) this.byForm(card, letter, status);
      else if (letter.way === "form" || letter.way === "print") this.byPost(card, letter, status);
      else card.append(element("p", {}, say("we_send")));
      card.append(status);
      return card;
    }

    byForm(card, letter, status) {
      const open = element(
        "a",
        { class: "btn", href: letter.form || letter.url, target: "_blank", rel: "noopener noreferrer" },
        say("open")
      );
      open.addEventListener("click", () => this.copy(card, letter, status));
      card.append(element("p", {}, say("by_form")), this.buttons(letter, status, open));
    }

    byPost(card, letter, status) {
      const print = button(say("print"), () => this.print(letter), { class: "btn" });
      card.append(element("p", {}, say("by_post")), this.buttons(letter, status, print));
    }

    buttons(letter, status, main) {
      const done = button(say("sent"), async () => {
        if (done.getAttribute("aria-disabled") === "true") return;
        const stored = await this.report(letter, "sent");
        status.textContent = say(stored ? "noted" : "not_noted");
        if (stored) this.finished(letter, done);
      });
      if (letter.done) this.finished(letter, done);
      return element("p", { class: "do" }, main, done);
    }

    finished(letter, done) {
      done.setAttribute("aria-disabled", "true");
      letter.done = true;
      keep(this.name, this.sent);
    }

    async copy(card, letter, status) {
      this.report(letter, "opened");
      const text = `${letter.subject}\n\n${letter.body}\n\n${this.sent.name}`;
      try {
        await navigator.clipboard.writeText(letter.body);
        status.textContent = say("copied");
      } catch {
        // Some browsers forbid it: show the letter, so that it can be copied by hand.
        status.textContent = say("by_hand");
        if (!first("textarea", card)) {
          card.append(element("textarea", { readonly: "", rows: "8", "aria-label": say("by_hand") }, text));
        }
      }
    }

    print(letter) {
      this.report(letter, "opened");
      all(".paper").forEach((old) => old.remove());
      const to = [letter.name, letter.role, letter.organization, ...(letter.address || "").split("\n")];
      const paper = element("div", { class: "paper", dir: "auto", "aria-hidden": "true" });
      paper.append(...sheet({ ...letter, from: this.sent.from, to: to.filter(Boolean), name: this.sent.name }));
      page.body.append(paper);
      root.classList.add("printing");
      window.print();
      root.classList.remove("printing");
    }

    // True when it is stored. Nothing hangs on it but an honest number.
    async report(letter, step) {
      const values = { ref: this.sent.id, target: letter.key, step, key: newKey() };
      for (let tries = 0; tries < 3; tries++) {
        try {
          const answer = await post(this.section.dataset.report, values);
          if (answer.ok) return true;
          if (answer.status < 429) return false;
        } catch {
          // Offline: once more in a moment.
        }
        await pause(1000 * 2 ** tries);
      }
      return false;
    }
  }

  // ---- Calls: one decision maker after the other.

  const DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
  const inZone = (zone, options, locale = lang) => {
    try {
      return new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
    } catch {
      return null; // a zone this browser does not know
    }
  };
  const isOpen = (hours, zone) => {
    const clock = inZone(zone, { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, "en-US");
    if (!clock || !hours) return null;
    const now = Object.fromEntries(clock.formatToParts(new Date()).map((part) => [part.type, part.value]));
    const today = DAYS.indexOf(now.weekday.slice(0, 2));
    const time = `${now.hour}:${now.minute}`;
    return hours.split(";").some((rule) => {
      const [, days, times] = /^\s*([A-Z][a-z](?:[-,][A-Z][a-z])*)\s+([\d:,\s-]+)$/.exec(rule) || [];
      if (!days) return false;
      const there = days.split(",").some((part) => {
        const [from, to] = part.split("-").map((name) => DAYS.indexOf(name));
        return to === undefined ? today === from : today >= from && today <= to;
      });
      return there && times.split(",").some((span) => {
        const [from, to] = span.trim().split("-").map((one) => one.trim().padStart(5, "0"));
        return time >= from && time < to;
      });
    });
  };
  const atHand = (office) => {
    const clock = office.zone && inZone(office.zone, { hour: "numeric", minute: "2-digit" });
    if (!clock) return "";
    const open = isOpen(office.hours, office.zone);
    const name = open === null ? "now" : open ? "now_open" : "now_closed";
    return say(name, { time: clock.format(new Date()) });
  };
  // On one line and from left to right, also among Arabic words.
  const number = (phone) =>
    `\u2066${phone
      .replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "+1 $1-$2-$3")
      .replace(/-/g, "\u2011")
      .replace(/ /g, "\u00a0")}\u2069`;
  // On a globe, and only to compare: good to a kilometre.
  const distance = (here, office) => {
    const rad = Math.PI / 180;
    const x = (office.lon - here.lon) * Math.cos(((office.lat + here.lat) / 2) * rad);
    return Math.hypot(x, office.lat - here.lat) * 111;
  };

  class Calls {
    constructor(section) {
      this.section = section;
      this.form = first("form", section);
      this.place = first("[data-call]", section);
      this.script = first("[data-script]", section);
      this.memory = `calls:${section.dataset.action}`;
      const kept = recall(this.memory) || {};
      this.done = kept.done || {};
      this.waiting = kept.waiting || [];
      this.fixed = fixed();
      this.own = [];
      this.here = null;
      this.sending = false;
      this.next = "";
    }

    start() {
      if (!this.form || !this.place) return;
      all("[data-plain]", this.section).forEach((box) => this.hide(box));
      // Pressing Enter in the postcode looks it up; nothing is sent before a call.
      this.section.addEventListener("submit", (event) => this.hold(event), true);
      this.form.addEventListener("placed", (event) => {
        this.own = event.detail.people;
        this.draw(false);
      });
      if (this.script) this.texts = this.words(this.script);
      this.status = element("p", { class: "status", role: "status" });
      this.card = element("div", { class: "card calling" });
      this.place.append(this.card, this.status);
      // Where somebody lives comes first, then whom to call.
      const step = first("[data-place]", this.form);
      if (step) (step.closest(".step") || step).after(this.place);
      this.draw(false);
      this.send();
    }

    hold(event) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }

    // What the cards replace goes; what a caller may still want to fill in stays.
    hide(box) {
      const ours = ["target", "outcome", "website"];
      const stays = all("input,select,textarea", box).some((one) => !ours.includes(one.name));
      if (!stays) {
        box.hidden = true;
        return;
      }
      ["f-target", "f-outcome"].map((id) => page.getElementById(id)).forEach((one) => {
        if (one && box.contains(one)) one.hidden = true;
      });
      all("button", box).forEach((one) => (one.hidden = true));
    }

    words(node) {
      const walk = page.createTreeWalker(node, NodeFilter.SHOW_TEXT);
      const found = [];
      while (walk.nextNode()) {
        if (walk.currentNode.data.includes("{")) found.push([walk.currentNode, walk.currentNode.data]);
      }
      return found;
    }

    everybody() {
      const seen = new Set();
      return [...this.own, ...this.fixed].filter((who) => !seen.has(who.key) && seen.add(who.key));
    }

    remember() {
      keep(this.memory, { done: this.done, waiting: this.waiting });
    }

    draw(focus) {
      const everybody = this.everybody();
      const left = everybody.filter((who) => !(who.key in this.done));
      this.card.hidden = !everybody.length;
      if (!everybody.length) return;
      if (left.length) this.show(left[0], everybody.length - left.length + 1, everybody.length);
      else this.finish();
      if (focus) first("h3", this.card).focus();
    }

    show(who, at, total) {
      const values = { target: who.name, role: who.role || "", salutation: who.salutation || who.name };
      const form = new FormData(this.form);
      for (const name of ["given_name", "family_name", "city", "postcode"]) {
        if (form.get(name)) values[name] = form.get(name);
      }
      (this.texts || []).forEach(([node, text]) => (node.data = put(text, values)));
      const heading = element("h3", { tabindex: "-1" }, face(who));
      const outcomes = ["reached", "voicemail", "busy", "wrong_number"].map((what) =>
        button(say(what), () => this.tap(who, what), { "data-outcome": what })
      );
      this.card.replaceChildren(
        element(
          "p",
          { class: "small" },
          say("progress", { n: numbers.format(at), total: numbers.format(total) })
        ),
        heading,
        ...this.offices(who),
        ...(this.script ? [this.script] : []),
        element(
          "fieldset",
          { class: "outcomes" },
          element("legend", {}, say("how")),
          element("div", { class: "taps" }, ...outcomes)
        ),
        element("p", {}, button(say("skip"), () => this.skip(who), { class: "link" }))
      );
    }

    offices(who) {
      const main = { city: say("capital"), phone: who.phone, hours: who.hours, zone: who.zone };
      const others = (who.offices || []).filter((office) => office.phone);
      const near = this.here
        ? others
            .filter((office) => office.lat !== undefined && office.lon !== undefined)
            .sort((a, b) => distance(this.here, a) - distance(this.here, b))[0]
        : null;
      const best = near || (main.phone ? main : others[0]);
      if (!best) return [element("p", { class: "note" }, say("no_phone"))];
      const rest = [main, ...others].filter((office) => office !== best && office.phone);
      const where = best === main ? main.city : near ? `${say("nearest")}: ${best.city}` : best.city;
      const parts = [
        element("p", { class: "small" }, where),
        this.dial(best, "btn tel", say("call", { phone: number(best.phone) })),
        element("p", { class: "small" }, atHand(best)),
      ];
      if (!rest.length) return parts;
      const items = rest.map((office) =>
        element("li", {}, `${office.city}: `, this.dial(office, "", number(office.phone)), " ",
          element("span", { class: "small" }, atHand(office)))
      );
      const more = element("details", { class: "more" }, element("summary", {}, say("offices")));
      if (others.some((office) => office.lat !== undefined) && navigator.geolocation && !this.here) {
        more.append(element("p", {}, button(say("near"), () => this.locate())));
      }
      more.append(element("ul", {}, ...items));
      return [...parts, more];
    }

    dial(office, kind, words) {
      const href = "tel:" + office.phone.replace(/[^\d+,;*#]/g, "");
      return element("a", { href, class: kind || undefined, dir: kind ? undefined : "ltr" }, words);
    }

    // Where somebody is stays in this page: it is compared with the offices and forgotten.
    locate() {
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          this.here = { lat: coords.latitude, lon: coords.longitude };
          this.draw(true);
        },
        () => (this.status.textContent = say("near_failed")),
        { timeout: 10000, maximumAge: 600000 }
      );
    }

    tap(who, outcome) {
      const values = Object.fromEntries(
        [...new FormData(this.form)].filter(([, value]) => typeof value === "string")
      );
      Object.assign(values, { target: who.key, outcome, key: newKey() });
      // A page's own target needs no postcode; one of the visitor's own does.
      if (!values.division) delete values.division;
      this.waiting.push(values);
      this.done[who.key] = outcome;
      this.remember();
      this.draw(true);
      this.send();
    }

    skip(who) {
      this.done[who.key] = "";
      this.remember();
      this.draw(true);
    }

    // One after the other, as often as it takes: each has its key, so none counts twice.
    async send() {
      if (this.sending) return;
      this.sending = true;
      for (let tries = 0; this.waiting.length; ) {
        this.status.textContent = say("noting");
        const wait = await this.attempt(this.waiting[0], tries);
        if (wait) {
          tries++;
          this.status.textContent = say("again", { n: numbers.format(wait) });
          await pause(wait * 1000);
        } else {
          tries = 0;
          this.waiting.shift();
          this.remember();
        }
      }
      if (this.status.textContent === say("noting")) this.status.textContent = say("noted");
      this.sending = false;
    }

    // Seconds to wait before the next try; 0 when this one is settled.
    async attempt(values, tries) {
      const patience = Math.ceil(Math.min(60, 2 ** (tries + 1)) * (1 + Math.random() * 0.4));
      try {
        const answer = await post(this.section.dataset.post || location.pathname, values);
        const body = await answer.json().catch(() => ({}));
        if (answer.ok) this.next = body.next || this.next;
        else if (answer.status === 408 || answer.status === 429 || answer.status > 501) {
          return Number(answer.headers.get("Retry-After")) || patience;
        } else this.refused(values, body.error || {});
        if (answer.ok && !this.everybody().some((who) => !(who.key in this.done))) this.draw(false);
        return 0;
      } catch {
        return patience;
      }
    }

    refused(values, error) {
      delete this.done[values.target];
      const wrong = (error.fields || []).map((one) => one.message).join(" ");
      this.draw(false);
      this.status.textContent = wrong || error.message || this.form.dataset.failed;
    }

    finish() {
      const called = Object.values(this.done).some(Boolean);
      this.card.replaceChildren(
        element("h3", { tabindex: "-1" }, say(called ? "finished" : "none_called")),
        called && this.next ? element("a", { class: "btn", href: this.next }, say("onward")) : ""
      );
    }
  }

  // ---- Begin. The letter takes back what was typed before its place is looked up.

  const letters = all("form[data-reach=letter]").map((form) => new Letter(form));
  letters.forEach((letter) => letter.start());
  const calls = all("section[data-reach=call]").map((section) => new Calls(section));
  calls.forEach((call) => call.start());
  all("[data-place]").forEach((box) => {
    const place = new Place(box);
    const letter = letters.find((one) => one.form === place.form);
    if (letter && letter.division && !place.wanted) place.wanted = letter.division;
    place.start();
  });
  all("[data-reach=thanks]").forEach((section) => new Thanks(section).start());
})();
