// Chooses decision makers by name inside the page editor. What is chosen is a JSON list of keys in
// the hidden box this element holds; who they are is asked of the directory's search.
customElements.define(
  "gw-picker",
  class extends HTMLElement {
    connectedCallback() {
      // A script that is here before the page is read to its end meets the element before its box.
      if (this.querySelector("textarea")) this.begin();
      else document.addEventListener("DOMContentLoaded", () => this.begin(), { once: true });
    }

    begin() {
      if (this.list) return;
      this.box = this.querySelector("textarea");
      this.list = document.createElement("ul");
      this.list.className = "gw-picker__chosen";
      this.input = document.createElement("input");
      Object.assign(this.input, { type: "search", autocomplete: "off" });
      this.input.placeholder = this.dataset.label;
      this.input.setAttribute("aria-label", this.dataset.label);
      this.found = document.createElement("ul");
      this.found.className = "gw-picker__found";
      this.found.setAttribute("aria-live", "polite");
      this.append(this.list, this.input, this.found);
      this.input.addEventListener("input", () => {
        clearTimeout(this.typing);
        this.typing = setTimeout(() => this.search(), 150);
      });
      this.input.addEventListener("keydown", (event) => this.key(event));
      if (this.keys().length) this.ask(this.keys().map((key) => ["key", key])).then((all) => this.show(all));
    }

    keys() {
      try {
        const kept = JSON.parse(this.box.value || "[]");
        return Array.isArray(kept) ? kept : [];
      } catch {
        return [];
      }
    }

    keep(keys) {
      this.box.value = JSON.stringify(keys);
      // The editor saves by itself when it hears of a change.
      this.box.dispatchEvent(new Event("change", { bubbles: true }));
    }

    async ask(query) {
      const answer = await fetch(`${this.dataset.search}?${new URLSearchParams(query)}`).catch(() => null);
      return answer && answer.ok ? (await answer.json()).results : [];
    }

    key(event) {
      const first = this.found.querySelector("button");
      if (event.key === "Escape") this.found.replaceChildren();
      if (event.key !== "Enter") return;
      // Enter would send the whole page; here it takes the first that was found.
      event.preventDefault();
      if (first) first.click();
    }

    // Answers may overtake each other: only that to the latest question is shown.
    async search() {
      const words = this.input.value.trim();
      const mine = (this.asked = (this.asked || 0) + 1);
      if (words.length < 2) return this.found.replaceChildren();
      const all = (await this.ask([["q", words]])).filter((one) => !this.keys().includes(one.key));
      if (mine !== this.asked) return;
      const rows = all.map((one) => this.row(one, this.button(this.who(one), () => this.take(one))));
      this.found.replaceChildren(...(rows.length ? rows : [this.row(null, this.dataset.none)]));
    }

    take(one) {
      if (!this.keys().includes(one.key)) this.keep([...this.keys(), one.key]);
      this.show([one]);
      this.input.value = "";
      this.found.replaceChildren();
      this.input.focus();
    }

    show(all) {
      for (const one of all) {
        const off = this.button("×", () => {
          this.keep(this.keys().filter((key) => key !== one.key));
          row.remove();
          this.input.focus();
        });
        off.setAttribute("aria-label", this.dataset.remove.replace("{name}", one.name));
        const row = this.row(one, this.who(one), off);
        this.list.append(row);
      }
    }

    who(one) {
      const words = document.createElement("span");
      const name = document.createElement("bdi");
      name.textContent = one.name;
      const under = document.createElement("small");
      under.textContent = one.under;
      words.append(name, under);
      return words;
    }

    row(_one, ...content) {
      const row = document.createElement("li");
      row.append(...content);
      return row;
    }

    button(content, act) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(content);
      button.addEventListener("click", act);
      return button;
    }
  },
);
