// A place blocks stand in and act from: one message, one view, or one Home tab. It holds the values of its elements,
// sends their actions, and shows which one is at work and what went wrong.

import * as api from "./api.js";
import { el } from "./dom.js";
import { Values } from "./values.js";

const BUSY_MS = 3000;
const ERROR_MS = 10000;
const busySurfaces = new Set();

/** The app answered somewhere (a message, a modal): whatever waits for an answer has got one. */
export function settleBusy() {
  for (const surface of [...busySurfaces]) surface.rest();
}

export class Surface {
  /**
   * `kind` is "message", "modal" or "home"; `container()` gives the container of Slack's payloads at the time of
   * sending; `here` is the id of the conversation, if any; `submit` is what Enter in a single-line field does.
   */
  constructor({ kind, container, here = () => null, submit = null, onChange = null }) {
    this.kind = kind;
    this.container = container;
    this.here = here;
    this.submit = submit;
    this.onChange = onChange;
    this.values = new Values();
    this.blocks = [];
    this.root = null;
    this.busy = new Map();
  }

  /** The id of the element that explains an input block (its hint and its error). */
  noteId(block) {
    return `note-${this.kind}-${this.container().view_id ?? this.container().message_ts ?? ""}-${block.block_id}`.replace(
      /[^\w-]/g,
      "_",
    );
  }

  /** A value of this block changed: an error shown at it is about what is no longer there. */
  changed(block) {
    this.onChange?.(block);
  }

  /** Tell the app that a person acted; the element shows as busy until the app answers visibly or 3 s pass. */
  async dispatch(action, node) {
    this.#begin(node);
    try {
      await api.sendAction(this.container(), action, this.values.state(this.blocks, this.here()));
    } catch (error) {
      this.#end(node);
      this.showError(error.message);
    }
  }

  options(actionId, blockId, value) {
    return api.loadOptions(this.container(), actionId, blockId, value);
  }

  upload(file) {
    return api.upload(file);
  }

  #begin(node) {
    this.#end(node);
    node.setAttribute("aria-busy", "true");
    node.classList.add("busy");
    this.busy.set(
      node,
      setTimeout(() => this.#end(node), BUSY_MS),
    );
    busySurfaces.add(this);
  }

  #end(node) {
    clearTimeout(this.busy.get(node));
    this.busy.delete(node);
    node.removeAttribute("aria-busy");
    node.classList.remove("busy");
    if (this.busy.size === 0) busySurfaces.delete(this);
  }

  /** Nothing here is at work any more. */
  rest() {
    for (const node of [...this.busy.keys()]) this.#end(node);
  }

  /** The app answered with new content: nothing is at work, and an error shown before is history. */
  settle() {
    this.rest();
    this.root?.querySelector(":scope > .surface-error")?.remove();
  }

  /** Say what went wrong, below the blocks. */
  showError(message) {
    if (!this.root) return;
    this.root.querySelector(":scope > .surface-error")?.remove();
    const note = el(
      "div",
      { class: "surface-error error-text", role: "alert", data: { testid: "surface-error" } },
      message,
    );
    this.root.append(note);
    setTimeout(() => note.remove(), ERROR_MS);
  }
}
