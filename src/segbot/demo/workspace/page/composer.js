// Where messages are written: Enter sends, Shift+Enter breaks the line, "/" offers commands, "@" and "#" offer names;
// files by button, paste or drop; drafts are kept per place.

import * as api from "./api.js";
import { allApps, channel as channelById, channelName } from "./directory.js";
import { el, fill, freshId, icon, iconButton } from "./dom.js";
import { fileSize } from "./dates.js";
import { openMenu, toast } from "./overlays.js";
import * as store from "./store.js";
import { commandBeingTyped, encode, suggestions } from "./suggest.js";

const TALL_PX = 220;
const PATIENCE_MS = 400;

export class Composer {
  /** `commands` and `shortcuts` as /client/boot lists them; `onSent` hears that something went out. */
  constructor({ channel, threadTs = null, commands = [], shortcuts = [], onSent = null }) {
    Object.assign(this, { channel, threadTs, commands, shortcuts, onSent });
    this.where = store.place(channel, threadTs);
    this.files = [];
    this.offer = null;
    this.#build();
    this.#changed();
  }

  #build() {
    const name = channelName(this.channel);
    const room = channelById(this.channel);
    const placeholder = this.threadTs ? "Reply…" : `Message ${room?.is_im ? name : `#${name}`}`;
    this.listId = freshId("suggest");
    this.input = el("textarea", {
      class: "composer-input",
      rows: "1",
      placeholder,
      "aria-label": placeholder,
      value: store.draft(this.where),
      "aria-autocomplete": "list",
      "aria-controls": this.listId,
      data: { testid: this.threadTs ? "thread-composer" : "composer" },
      on: {
        input: () => this.#changed(),
        click: () => this.#suggest(),
        keydown: (event) => this.#keydown(event),
        blur: () => this.#closeSuggestions(),
        paste: (event) => this.#take([...event.clipboardData.files], event),
      },
    });
    this.list = el("div", {
      class: "suggestions",
      role: "listbox",
      id: this.listId,
      hidden: true,
      "aria-label": "Suggestions",
      data: { testid: "suggestions" },
    });
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.hint = el("div", { class: "command-hint", hidden: true, data: { testid: "command-hint" } });
    this.chips = el("div", { class: "composer-files", hidden: true });
    this.picker = el("input", {
      type: "file",
      multiple: true,
      class: "visually-hidden",
      tabindex: "-1",
      "aria-label": "Attach files",
      data: { testid: "file-picker" },
      on: {
        change: (event) => {
          this.#take([...event.target.files]);
          event.target.value = "";
        },
      },
    });
    this.send = iconButton("send", "Send", () => this.#submit(), { class: "send", "data-testid": "send" });
    this.note = el("div", { class: "composer-note", role: "alert", data: { testid: "composer-error" } });
    const box = el(
      "div",
      { class: "composer-box" },
      this.hint,
      this.input,
      this.chips,
      el(
        "div",
        { class: "composer-bar" },
        iconButton("plus", "Attach files", () => this.picker.click(), { "data-testid": "attach" }),
        this.shortcuts.length && !this.threadTs
          ? iconButton("bolt", "Shortcuts", (event) => this.#menu(event.currentTarget), { "data-testid": "shortcuts" })
          : null,
        el("span", { class: "composer-space" }),
        this.send,
      ),
    );
    this.root = el("div", { class: "composer" }, this.list, box, this.picker, this.note);
    box.addEventListener("dragover", (event) => event.preventDefault());
    box.addEventListener("drop", (event) => this.#take([...event.dataTransfer.files], event));
  }

  focus() {
    this.input.focus();
  }

  /** Put words in the composer (a suggested prompt). */
  set(text) {
    this.input.value = text;
    this.#changed();
    this.focus();
  }

  #changed() {
    store.setDraft(this.where, this.input.value);
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight || 22, TALL_PX)}px`;
    this.send.classList.toggle("send-ready", Boolean(this.input.value.trim() || this.files.length));
    const command = this.threadTs ? null : commandBeingTyped(this.input.value, this.commands);
    this.hint.hidden = !command;
    if (command)
      fill(
        this.hint,
        el("strong", {}, command.command),
        " ",
        command.usage_hint ? el("span", { class: "muted" }, `[${command.usage_hint}]`) : null,
        " ",
        el("span", { class: "muted" }, command.description),
      );
    if (document.activeElement === this.input) this.#suggest();
  }

  #take(files, event = null) {
    if (!files.length) return;
    event?.preventDefault();
    this.files.push(...files);
    this.#showFiles();
  }

  #showFiles() {
    this.chips.hidden = this.files.length === 0;
    fill(
      this.chips,
      this.files.map((file) =>
        el(
          "span",
          { class: "chip" },
          `${file.name} (${fileSize(file.size)})`,
          el(
            "button",
            {
              type: "button",
              class: "chip-remove",
              "aria-label": `Remove ${file.name}`,
              on: {
                click: () => {
                  this.files = this.files.filter((other) => other !== file);
                  this.#showFiles();
                },
              },
            },
            icon("close", 12),
          ),
        ),
      ),
    );
    this.#changed();
  }

  // ---- suggestions

  #suggest() {
    this.offer = suggestions(this.input.value, this.input.selectionStart, this.commands, Boolean(this.threadTs));
    this.at = 0;
    this.#showSuggestions();
  }

  #showSuggestions() {
    this.list.hidden = !this.offer;
    if (!this.offer) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    fill(
      this.list,
      this.offer.items.map((item, index) =>
        el(
          "div",
          {
            class: `suggestion ${index === this.at ? "option-active" : ""}`,
            role: "option",
            id: `${this.listId}-${index}`,
            "aria-selected": String(index === this.at),
            on: { click: () => this.#accept(item) },
          },
          el("strong", {}, item.label),
          el("span", { class: "muted" }, item.description),
        ),
      ),
    );
    this.input.setAttribute("aria-activedescendant", `${this.listId}-${this.at}`);
  }

  #closeSuggestions() {
    this.offer = null;
    this.#showSuggestions();
  }

  #accept(item) {
    const { from, to } = this.offer;
    const text = this.input.value;
    this.input.value = text.slice(0, from) + item.insert + text.slice(to).replace(/^ /, "");
    this.input.setSelectionRange(from + item.insert.length, from + item.insert.length);
    this.#changed();
    this.#closeSuggestions();
  }

  #keydown(event) {
    if (event.isComposing) return;
    if (this.offer && this.#suggestionKey(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    }
  }

  #suggestionKey(event) {
    const { items } = this.offer;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.at = (this.at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length;
      this.#showSuggestions();
      return true;
    }
    if (event.key === "Escape") {
      this.#closeSuggestions();
      return true;
    }
    // A command typed in full is ready to go: Enter sends it.
    const complete = this.input.value.trim() === items[this.at].insert.trim();
    if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !complete)) {
      this.#accept(items[this.at]);
      return true;
    }
    return false;
  }

  #menu(anchor) {
    const items = this.shortcuts.map((shortcut) => ({
      label: shortcut.name,
      description: shortcut.description,
      icon: "bolt",
      data: { callbackId: shortcut.callback_id },
      run: () => this.#shortcut(shortcut),
    }));
    openMenu(anchor, [{ heading: allApps()[0]?.name ?? "Shortcuts" }, ...items], {
      label: "Shortcuts",
      testid: "shortcut-menu",
    });
  }

  async #shortcut(shortcut) {
    try {
      await api.runShortcut(shortcut);
    } catch (error) {
      if (!error.told) toast(error.message, "error");
    }
  }

  // ---- sending

  async #submit() {
    const text = this.input.value;
    const files = this.files;
    if (!text.trim() && !files.length) return;
    this.#closeSuggestions();
    this.input.value = "";
    this.files = [];
    this.#showFiles();
    this.note.textContent = "";
    const waiting = setTimeout(() => this.root.setAttribute("aria-busy", "true"), PATIENCE_MS);
    try {
      await this.#deliver(encode(text.trim()), files);
      this.onSent?.();
    } catch (error) {
      if (!error.told) this.note.textContent = error.message;
      // Give back what did not go out, unless the person is writing something new already.
      if (!this.input.value) this.input.value = text;
      this.files = [...files, ...this.files];
      this.#showFiles();
    } finally {
      clearTimeout(waiting);
      this.root.removeAttribute("aria-busy");
    }
  }

  /** The words go with the first file, as one message; a command never takes files along. */
  async #deliver(text, files) {
    if (!files.length || text.startsWith("/")) await api.postMessage(this.channel, text, this.threadTs);
    for (const [index, file] of files.entries()) {
      await api.upload(file, {
        channel: this.channel,
        threadTs: this.threadTs,
        text: index === 0 && !text.startsWith("/") ? text : "",
      });
    }
  }
}
