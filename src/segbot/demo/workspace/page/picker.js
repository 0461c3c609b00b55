// The searchable select behind every kind of select menu: one or many choices, groups, type-ahead, remote options.
// It follows the ARIA combobox pattern: the focus stays in the text field, the list is a listbox.

import { el, fill, freshId, icon } from "./dom.js";
import { layerOf, onOutside, place } from "./overlays.js";

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** A source over groups that are known already: keeps the options whose words contain what was typed. */
export function localSource(groups) {
  return (query) => {
    const wanted = fold(query.trim());
    if (!wanted) return groups;
    return groups
      .map((group) => ({ ...group, options: group.options.filter((option) => fold(option.text).includes(wanted)) }))
      .filter((group) => group.options.length > 0);
  };
}

/**
 * Make a picker. An option is {key, text, description?, raw}; `source(query)` gives groups [{label, options}] or a
 * promise of them. `onChange(options)` hears every change; `onDone(options)` hears it when a single choice is made,
 * or when the list of a multiple choice closes or loses a chip (that is when Slack tells the app).
 */
export function picker(settings) {
  return new Picker(settings).root;
}

class Picker {
  constructor(settings) {
    this.settings = { minQuery: 0, debounce: 0, max: Infinity, selected: [], ...settings };
    this.chosen = [...this.settings.selected];
    this.reported = this.#keys();
    this.flat = [];
    this.active = -1;
    this.turn = 0;
    this.#build();
  }

  #build() {
    const { label, placeholder, multi, data, disabled, describedBy } = this.settings;
    this.listId = freshId("list");
    this.input = el("input", {
      type: "text",
      class: "picker-input",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      disabled,
      "aria-label": label,
      "aria-expanded": "false",
      "aria-controls": this.listId,
      "aria-autocomplete": "list",
      "aria-describedby": describedBy,
      placeholder: placeholder ?? (multi ? "Select options" : "Select an option"),
      on: {
        input: () => this.#search(),
        keydown: (event) => this.#keydown(event),
        blur: () => this.#close(),
        click: () => this.#open(),
        focus: () => this.input.select(),
      },
    });
    this.chips = el("span", { class: "picker-chips" });
    this.root = el(
      "div",
      { class: `picker ${multi ? "picker-multi" : ""}`, data: { testid: "picker", ...data } },
      this.chips,
      this.input,
      el("span", { class: "picker-caret" }, icon("down", 16)),
    );
    this.root.addEventListener("mousedown", (event) => {
      if (event.target === this.input || event.target.closest(".chip")) return;
      event.preventDefault();
      this.input.focus();
      this.#open();
    });
    this.#showChosen();
  }

  #keys() {
    return this.chosen.map((option) => option.key).join("\n");
  }

  #showChosen() {
    const { multi, clearable } = this.settings;
    if (!multi) {
      this.input.value = this.chosen[0]?.text ?? "";
      fill(this.chips);
      this.root.querySelector(".picker-clear")?.remove();
      if (clearable && this.chosen.length) {
        this.input.after(
          el(
            "button",
            {
              type: "button",
              class: "picker-clear",
              "aria-label": "Clear the choice",
              on: { mousedown: (event) => event.stopPropagation(), click: () => this.#setChosen([]) },
            },
            icon("close", 14),
          ),
        );
      }
      return;
    }
    fill(
      this.chips,
      this.chosen.map((option) =>
        el(
          "span",
          { class: "chip", data: { value: option.key } },
          option.text,
          el(
            "button",
            {
              type: "button",
              class: "chip-remove",
              "aria-label": `Remove ${option.text}`,
              disabled: this.settings.disabled,
              on: { click: () => this.#remove(option) },
            },
            icon("close", 12),
          ),
        ),
      ),
    );
  }

  #remove(option) {
    this.#setChosen(this.chosen.filter((other) => other.key !== option.key));
    this.input.focus();
  }

  #setChosen(options) {
    this.chosen = options;
    this.#showChosen();
    this.settings.onChange?.(options);
    if (!this.panel) this.#report();
  }

  #report() {
    if (this.reported === this.#keys()) return;
    this.reported = this.#keys();
    this.settings.onDone?.(this.chosen);
  }

  #open() {
    if (this.panel || this.settings.disabled) return;
    this.panel = el("div", {
      class: "listbox",
      role: "listbox",
      id: this.listId,
      "aria-label": this.settings.label,
      "aria-multiselectable": this.settings.multi ? "true" : null,
      data: { testid: "listbox" },
    });
    this.panel.addEventListener("mousedown", (event) => event.preventDefault());
    layerOf(this.root).append(this.panel);
    this.input.setAttribute("aria-expanded", "true");
    this.stopOutside = onOutside([this.root, this.panel], () => this.#close());
    this.onScroll = (event) => {
      if (event.type === "resize" || !this.panel.contains(event.target))
        place(this.panel, this.root, { matchWidth: true });
    };
    document.addEventListener("scroll", this.onScroll, true);
    window.addEventListener("resize", this.onScroll);
    this.#load("");
  }

  #close() {
    if (!this.panel) return;
    this.turn += 1;
    clearTimeout(this.timer);
    this.stopOutside();
    document.removeEventListener("scroll", this.onScroll, true);
    window.removeEventListener("resize", this.onScroll);
    this.panel.remove();
    this.panel = null;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    if (this.settings.multi) this.input.value = "";
    this.#showChosen();
    this.#report();
  }

  #search() {
    this.#open();
    clearTimeout(this.timer);
    const query = this.input.value;
    this.timer = setTimeout(() => this.#load(query), this.settings.debounce);
  }

  async #load(query) {
    this.turn += 1;
    const turn = this.turn;
    if ([...query].length < this.settings.minQuery) {
      const missing = this.settings.minQuery;
      this.#note(`Type at least ${missing} character${missing === 1 ? "" : "s"} to search`);
      return;
    }
    const answer = this.settings.source(query);
    if (answer instanceof Promise && !this.panel.querySelector(".option")) this.#note("Searching…");
    this.root.classList.toggle("picker-loading", answer instanceof Promise);
    try {
      const groups = await answer;
      if (turn === this.turn && this.panel) this.#list(groups);
    } catch (error) {
      if (turn === this.turn && this.panel) this.#note(error.message, true);
    } finally {
      if (turn === this.turn) this.root.classList.remove("picker-loading");
    }
  }

  #note(text, isError = false) {
    this.flat = [];
    this.active = -1;
    fill(
      this.panel,
      el("div", { class: `listbox-note ${isError ? "error-text" : ""}`, role: isError ? "alert" : "status" }, text),
    );
    place(this.panel, this.root, { matchWidth: true });
  }

  #list(groups) {
    this.flat = groups.flatMap((group) => group.options);
    if (this.flat.length === 0) {
      this.#note("No matching options");
      return;
    }
    let index = 0;
    const keys = new Set(this.chosen.map((option) => option.key));
    fill(
      this.panel,
      groups.map((group) => {
        const rows = group.options.map((option) => this.#row(option, index++, keys.has(option.key)));
        if (!group.label) return rows;
        const headingId = freshId("group");
        return el(
          "div",
          { role: "group", "aria-labelledby": headingId },
          el("div", { class: "listbox-heading", id: headingId }, group.label),
          rows,
        );
      }),
    );
    place(this.panel, this.root, { matchWidth: true });
    const selected = this.flat.findIndex((option) => keys.has(option.key));
    this.#activate(this.settings.multi || selected < 0 ? 0 : selected);
  }

  #row(option, index, selected) {
    const full = this.settings.multi && !selected && this.chosen.length >= this.settings.max;
    return el(
      "div",
      {
        class: `option ${selected ? "option-selected" : ""}`,
        role: "option",
        id: `${this.listId}-${index}`,
        "aria-selected": String(selected),
        "aria-disabled": full ? "true" : null,
        data: { value: option.key },
        on: { click: () => this.#choose(option), mousemove: () => this.#activate(index, false) },
      },
      el(
        "span",
        { class: "option-words" },
        option.text,
        option.description ? el("span", { class: "option-description" }, option.description) : null,
      ),
      selected ? icon("check", 16) : null,
    );
  }

  #activate(index, scroll = true) {
    if (!this.flat.length) return;
    this.active = (index + this.flat.length) % this.flat.length;
    for (const row of this.panel.querySelectorAll(".option")) row.classList.remove("option-active");
    const row = this.panel.querySelector(`#${this.listId}-${this.active}`);
    row?.classList.add("option-active");
    if (scroll) row?.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", `${this.listId}-${this.active}`);
  }

  #choose(option) {
    if (!this.settings.multi) {
      this.#setChosen([option]);
      this.#close();
      return;
    }
    const has = this.chosen.some((other) => other.key === option.key);
    if (!has && this.chosen.length >= this.settings.max) return;
    this.#setChosen(has ? this.chosen.filter((other) => other.key !== option.key) : [...this.chosen, option]);
    this.input.value = "";
    this.#load("");
  }

  #keydown(event) {
    const open = Boolean(this.panel);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) this.#open();
      else this.#activate(this.active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!open) this.#open();
      else if (this.flat[this.active]) this.#choose(this.flat[this.active]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    } else if (event.key === "Backspace" && this.settings.multi && this.input.value === "" && this.chosen.length) {
      this.#setChosen(this.chosen.slice(0, -1));
    }
  }
}
