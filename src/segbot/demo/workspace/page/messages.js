// A list of messages: day dividers, grouping by author, and one node per message that is redrawn only when the message
// changed. Used by the channel and by the thread panel.

import { attachment, fileNode } from "./attachments.js";
import * as api from "./api.js";
import { drawBlocks } from "./blocks.js";
import { ago, clock, dayHeading, dayKey, fullTime, tsToDate } from "./dates.js";
import { allApps, author, myId } from "./directory.js";
import { el, fill, icon, iconButton } from "./dom.js";
import { mrkdwn, textOf } from "./mrkdwn.js";
import { openMenu, toast } from "./overlays.js";
import { openReactionPicker, reactionRow, toggleReaction } from "./reactions.js";
import * as store from "./store.js";
import { Surface } from "./surface.js";

const GROUP_SECONDS = 300;
const NEAR_BOTTOM_PX = 80;

/** A round-cornered square with a person's initials. */
export function avatar(who, className = "avatar") {
  const node = el(
    "span",
    { class: `${className} ${who.isApp ? "avatar-app" : ""}`, "aria-hidden": "true" },
    who.initials,
  );
  node.style.backgroundColor = who.color;
  return node;
}

export class MessageList {
  /** `threadTs` is null for the channel itself; `shortcuts` are the message shortcuts; `openThread(ts)` opens one. */
  constructor({ channel, threadTs = null, shortcuts = [], openThread = null, newSince = null }) {
    Object.assign(this, { channel, threadTs, shortcuts, openThread, newSince });
    this.entries = new Map(); // ts -> {node, surface, message, grouped}
    this.list = el("div", {
      class: "message-list",
      role: "log",
      "aria-live": "polite",
      "aria-label": threadTs ? "Thread" : "Messages",
      data: { testid: threadTs ? "thread-messages" : "messages", channel },
    });
    this.scroller = el(
      "div",
      { class: "scroller", tabindex: "0", "aria-label": threadTs ? "Thread" : "Messages" },
      this.list,
    );
    // Cards grow as pictures load and answers arrive; a reader at the bottom stays at the bottom.
    this.atBottom = true;
    this.scroller.addEventListener("scroll", () => {
      this.atBottom =
        this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < NEAR_BOTTOM_PX;
    });
    new ResizeObserver(() => this.atBottom && this.toBottom()).observe(this.list);
  }

  toBottom() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** Bring the list up to date with `messages` (oldest first). */
  render(messages) {
    const nodes = [];
    const alive = new Set();
    let previous = null;
    let marked = false;
    for (const message of messages) {
      alive.add(message.ts);
      const newDay = !this.threadTs && (!previous || dayKey(previous.ts) !== dayKey(message.ts));
      if (newDay) nodes.push(this.#divider(dayHeading(message.ts)));
      const isNew = !marked && this.newSince && message.ts > this.newSince && message.user !== myId();
      if (isNew) {
        marked = true;
        nodes.push(
          el("div", { class: "new-line", role: "separator", data: { testid: "new-line" } }, el("span", {}, "New")),
        );
      }
      nodes.push(this.#node(message, !newDay && !isNew && continues(previous, message)));
      if (this.threadTs && message.ts === this.threadTs) nodes.push(this.#replyCount(messages.length - 1));
      previous = message;
    }
    for (const ts of this.entries.keys()) if (!alive.has(ts)) this.entries.delete(ts);
    this.#place(nodes);
    if (this.atBottom) this.toBottom();
  }

  /** Put the nodes in order, touching only what moved: focus and scroll position survive. */
  #place(nodes) {
    const wanted = new Set(nodes);
    for (const child of [...this.list.children]) if (!wanted.has(child)) child.remove();
    nodes.forEach((node, index) => {
      if (this.list.children[index] !== node) this.list.insertBefore(node, this.list.children[index] ?? null);
    });
  }

  #divider(words) {
    return el(
      "div",
      { class: "day", role: "separator", "aria-label": words },
      el("span", { class: "day-pill" }, words),
    );
  }

  #replyCount(count) {
    return el(
      "div",
      { class: "reply-rule", role: "separator" },
      count > 0 ? `${count} ${count === 1 ? "reply" : "replies"}` : null,
    );
  }

  #node(message, grouped) {
    const unreadThread = store.isThreadUnread(this.channel, message.ts);
    let entry = this.entries.get(message.ts);
    if (!entry) {
      entry = {
        surface: this.#surface(message.ts),
        node: el("div", { class: "message", role: "article", tabindex: "-1" }),
      };
      this.entries.set(message.ts, entry);
    }
    if (entry.message !== message || entry.grouped !== grouped || entry.unreadThread !== unreadThread) {
      const hadFocus = entry.node.contains(document.activeElement) ? document.activeElement : null;
      Object.assign(entry, { message, grouped, unreadThread });
      this.#draw(entry);
      if (hadFocus?.isConnected) hadFocus.focus({ preventScroll: true });
    }
    return entry.node;
  }

  #surface(ts) {
    const container = () => {
      const message = store.message(this.channel, ts) ?? {};
      return {
        type: "message",
        channel_id: this.channel,
        message_ts: ts,
        ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
        is_ephemeral: Boolean(message.ephemeral),
      };
    };
    return new Surface({ kind: "message", container, here: () => this.channel });
  }

  #draw({ node, surface, message, grouped }) {
    const who = author(message);
    node.className = `message ${grouped ? "grouped" : ""} ${message.ephemeral ? "ephemeral" : ""} ${message.subtype === "tombstone" ? "tombstone" : ""}`;
    const data = {
      testid: "message",
      ts: message.ts,
      channel: this.channel,
      user: message.user ?? message.bot_id,
      ephemeral: message.ephemeral ? "true" : null,
    };
    for (const [key, value] of Object.entries(data)) if (value) node.setAttribute(`data-${key}`, value);
    node.setAttribute("aria-label", `${who.name}, ${clock(message.ts)}`);
    const time = el(
      "a",
      { class: "time", href: `#/${this.channel}/${message.thread_ts ?? message.ts}`, title: fullTime(message.ts) },
      clock(message.ts),
    );
    const gutter = el("div", { class: "gutter" }, grouped ? time : avatar(who));
    const head = grouped
      ? null
      : el(
          "div",
          { class: "head" },
          el("span", { class: "author" }, who.name),
          who.isApp ? el("span", { class: "app-badge" }, "APP") : null,
          time,
        );
    fill(
      node,
      gutter,
      el(
        "div",
        { class: "content" },
        message.ephemeral ? this.#ephemeralNote(message) : null,
        head,
        this.#body(surface, message),
        (message.attachments ?? []).map((one) => attachment(one, surface)),
        (message.files ?? []).map(fileNode),
        reactionRow(this.channel, message),
        this.#threadBar(message),
      ),
      this.#toolbar(message),
    );
  }

  #ephemeralNote(message) {
    return el(
      "div",
      { class: "ephemeral-note" },
      icon("eye", 14),
      " Only visible to you ",
      el(
        "button",
        {
          type: "button",
          class: "link-button",
          data: { testid: "dismiss" },
          on: { click: () => store.dismiss(this.channel, message.ts) },
        },
        "Dismiss message",
      ),
    );
  }

  #body(surface, message) {
    const edited = message.edited
      ? el("span", { class: "edited", title: message.edited.ts ? fullTime(message.edited.ts) : null }, " (edited)")
      : null;
    const blocks = drawBlocks(
      surface,
      message.blocks,
      (message.attachments ?? []).flatMap((one) => one.blocks ?? []),
    );
    if (message.blocks?.length) return el("div", { class: "body" }, blocks, edited);
    const words = (message.text ?? "").trim();
    return el("div", { class: "body text" }, mrkdwn(words), edited, blocks); // the empty blocks hold error messages
  }

  #threadBar(message) {
    if (!message.reply_count || this.threadTs) return null;
    const users = (message.reply_users ?? []).slice(0, 5).map((id) => avatar(author({ user: id }), "avatar-small"));
    return el(
      "button",
      {
        type: "button",
        class: `thread-bar ${store.isThreadUnread(this.channel, message.ts) ? "thread-unread" : ""}`,
        data: { testid: "thread-bar", ts: message.ts },
        on: { click: () => this.openThread?.(message.ts) },
      },
      users,
      el(
        "span",
        { class: "thread-count" },
        `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`,
      ),
      message.latest_reply ? el("span", { class: "muted" }, `Last reply ${ago(tsToDate(message.latest_reply))}`) : null,
    );
  }

  #toolbar(message) {
    if (message.ephemeral || message.subtype === "tombstone") return null;
    const root = message.thread_ts ?? message.ts;
    return el(
      "div",
      { class: "toolbar", role: "toolbar", "aria-label": "Message actions" },
      iconButton(
        "smile",
        "Add a reaction",
        (event) => openReactionPicker(event.currentTarget, (name) => toggleReaction(this.channel, message, name)),
        { "data-testid": "react" },
      ),
      this.openThread
        ? iconButton("reply", "Reply in thread", () => this.openThread(root), { "data-testid": "reply-in-thread" })
        : null,
      iconButton("more", "More actions", (event) => this.#more(event.currentTarget, message), {
        "data-testid": "more-actions",
      }),
    );
  }

  #more(anchor, message) {
    const items = [
      ...(this.openThread
        ? [{ label: "Reply in thread", icon: "reply", run: () => this.openThread(message.thread_ts ?? message.ts) }]
        : []),
      {
        label: "Copy link",
        icon: "copy",
        run: () =>
          copy(
            `${window.location.origin}${window.location.pathname}#/${this.channel}/${message.thread_ts ?? message.ts}`,
          ),
      },
      { label: "Copy text", icon: "copy", run: () => copy(textOf({ type: "mrkdwn", text: message.text })) },
    ];
    if (this.shortcuts.length) {
      items.push({ line: true }, { heading: allApps()[0]?.name ?? "Apps" });
      for (const shortcut of this.shortcuts)
        items.push({
          label: shortcut.name,
          icon: "bolt",
          data: { callbackId: shortcut.callback_id },
          run: () => this.#shortcut(shortcut, message),
        });
    }
    openMenu(anchor, items, { align: "end", label: "More actions", testid: "message-menu" });
  }

  async #shortcut(shortcut, message) {
    try {
      await api.runShortcut(shortcut, { channel: this.channel, message_ts: message.ts });
    } catch (error) {
      if (!error.told) toast(error.message, "error");
    }
  }
}

function continues(previous, message) {
  return (
    Boolean(previous) &&
    (previous.user ?? previous.bot_id) === (message.user ?? message.bot_id) &&
    previous.username === message.username &&
    Number(message.ts) - Number(previous.ts) < GROUP_SECONDS &&
    !message.ephemeral &&
    !previous.ephemeral &&
    previous.subtype !== "tombstone" &&
    !previous.reply_count
  );
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied.");
  } catch {
    toast(text);
  }
}
