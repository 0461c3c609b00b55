// One specimen of every block and element, drawn by the renderers of the workspace from gallery.json, without a server.
// Actions are written below the specimen instead of being sent, with the state that would go with them.

import { drawBlocks } from "./blocks.js";
import { setDirectory } from "./directory.js";
import { el } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { Surface } from "./surface.js";

class Specimen extends Surface {
  constructor(entry, log) {
    super({
      kind: entry.surface ?? "message",
      container: () => ({ type: "message", channel_id: "C0GALLERY", message_ts: entry.name }),
      here: () => "C0GALLERY",
    });
    this.entry = entry;
    this.log = log;
  }

  async dispatch(action) {
    this.log.textContent = JSON.stringify({ action, state: this.values.state(this.blocks, this.here()) });
  }

  async options(_actionId, _blockId, value) {
    return {
      options: (this.entry.options ?? []).filter((option) =>
        option.text.text.toLowerCase().includes(value.toLowerCase()),
      ),
    };
  }

  async upload(file) {
    return { id: `F${file.size}`, name: file.name, size: file.size };
  }
}

const data = await (await fetch("gallery.json")).json();
setDirectory(data.boot);
const gallery = document.getElementById("gallery");
for (const entry of data.specimens) {
  const log = el("div", { class: "specimen-log" });
  const surface = new Specimen(entry, log);
  const body =
    entry.text !== undefined ? el("div", { class: "text" }, mrkdwn(entry.text)) : drawBlocks(surface, entry.blocks);
  gallery.append(
    el(
      "section",
      { class: "specimen", data: { specimen: entry.name } },
      el("h2", {}, entry.name),
      el("div", { class: "specimen-body" }, body),
      log,
    ),
  );
}
document.body.dataset.ready = "true";
