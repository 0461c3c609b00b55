// The middle and the right: a conversation with its messages and composer, a thread beside it, an app's Home.

import * as api from "./api.js";
import { drawBlocks } from "./blocks.js";
import { Composer } from "./composer.js";
import {
  appById,
  appName,
  appOfBot,
  allChannels,
  channel as channelById,
  channelName,
  person,
  putChannel,
} from "./directory.js";
import { el, fill, icon, iconButton } from "./dom.js";
import { MessageList } from "./messages.js";
import * as store from "./store.js";
import { Surface } from "./surface.js";

const messageShortcuts = (boot) => (boot.shortcuts ?? []).filter((shortcut) => /^message/.test(shortcut.type));
const globalShortcuts = (boot) => (boot.shortcuts ?? []).filter((shortcut) => shortcut.type === "global");

function heading(onMenu, ...children) {
  return el(
    "header",
    { class: "pane-head" },
    iconButton("menu", "Open the sidebar", onMenu, { class: "drawer-only", "data-testid": "open-drawer" }),
    children,
  );
}

/** "Messages" and "Home" of an app, above its direct message and its Home. */
function appTabs(app, current) {
  const talk = allChannels().find((channel) => channel.is_im && channel.user === app.bot_user_id);
  const tab = (name, href) =>
    el(
      "a",
      {
        class: `tab ${name === current ? "tab-current" : ""}`,
        href,
        "aria-current": name === current ? "page" : null,
        data: { testid: `tab-${name.toLowerCase()}` },
      },
      name,
    );
  return el(
    "nav",
    { class: "tabs", "aria-label": app.name },
    tab("Home", `#/home/${app.id}`),
    talk ? tab("Messages", `#/${talk.id}`) : null,
  );
}

/** A line above the composer: who is at work, and prompts an app suggests. */
function extras(composer, where) {
  const node = el("div", { class: "composer-extras" });
  const update = () => {
    const status = store.status(where);
    const offered = store.suggestedPrompts(where);
    fill(
      node,
      offered
        ? el(
            "div",
            { class: "prompts" },
            offered.title ? el("span", { class: "muted" }, offered.title) : null,
            (offered.prompts ?? []).map((prompt) =>
              el(
                "button",
                { type: "button", class: "prompt", on: { click: () => composer.set(prompt.message) } },
                prompt.title,
              ),
            ),
          )
        : null,
      status
        ? el("div", { class: "working", role: "status", data: { testid: "status" } }, `${appName(null)} ${status}`)
        : null,
    );
  };
  return { node, update };
}

/** A list of messages with its composer; the base of both a conversation and a thread. */
class Conversation {
  constructor({ boot, channel, threadTs, openThread }) {
    Object.assign(this, { channel, threadTs });
    this.list = new MessageList({
      channel,
      threadTs,
      shortcuts: messageShortcuts(boot),
      openThread,
      newSince: threadTs ? null : store.unreadCount(channel) ? store.lastRead(channel) : null,
    });
    this.composer = new Composer({
      channel,
      threadTs,
      commands: boot.commands ?? [],
      shortcuts: globalShortcuts(boot),
      onSent: () => {
        this.list.atBottom = true;
        this.list.toBottom();
      },
    });
    this.extras = extras(this.composer, store.place(channel, threadTs));
    this.problem = el("div", { class: "pane-problem", role: "alert" });
    this.foot = el(
      "div",
      {},
      this.extras.node,
      channelById(channel)?.is_member === false ? this.#joinBar() : this.composer.root,
    );
  }

  #joinBar() {
    const enter = async () => {
      try {
        putChannel((await api.join(this.channel)).channel);
        fill(this.foot, this.extras.node, this.composer.root);
        this.composer.focus();
        store.changed(this.channel);
      } catch (error) {
        this.problem.textContent = error.message;
      }
    };
    return el(
      "div",
      { class: "join-bar" },
      `You are looking at #${channelName(this.channel)}`,
      el(
        "button",
        { type: "button", class: "btn btn-primary", data: { testid: "join" }, on: { click: enter } },
        "Join channel",
      ),
    );
  }

  async load() {
    this.problem.textContent = "";
    try {
      const { messages } = await api.history(this.channel, this.threadTs);
      store.takeHistory(this.channel, this.threadTs, messages ?? []);
      this.list.toBottom();
    } catch (error) {
      this.problem.textContent = error.message;
    }
  }

  update() {
    const messages = this.threadTs ? store.thread(this.channel, this.threadTs) : store.timeline(this.channel);
    this.list.render(messages);
    this.extras.update();
  }
}

export class ChannelPane extends Conversation {
  constructor({ boot, channel, openThread, onMenu }) {
    super({ boot, channel, threadTs: null, openThread });
    const room = channelById(channel);
    const app = room?.is_im ? appOfBot(room.user) : null;
    const title = el(
      "h1",
      { class: "pane-title", data: { testid: "channel-title" } },
      room?.is_im ? null : room?.is_private ? icon("lock", 16) : "#",
      ` ${channelName(channel)}`,
    );
    const beside = room?.is_im
      ? app
        ? null
        : el("span", { class: "pane-topic" }, person(room.user)?.title ?? "")
      : el("span", { class: "pane-topic" }, room?.topic ?? "");
    this.root = el(
      "main",
      { class: "pane", data: { testid: "pane", channel } },
      heading(onMenu, title, beside),
      app ? appTabs(app, "Messages") : null,
      this.list.scroller,
      this.problem,
      this.foot,
    );
  }
}

export class ThreadPane extends Conversation {
  constructor({ boot, channel, threadTs, onClose }) {
    super({ boot, channel, threadTs, openThread: null });
    this.root = el(
      "aside",
      { class: "thread", "aria-label": "Thread", data: { testid: "thread-panel", channel, ts: threadTs } },
      el(
        "header",
        { class: "pane-head" },
        el("h2", { class: "pane-title" }, "Thread"),
        el("span", { class: "pane-topic" }, channelName(channel)),
        iconButton("close", "Close the thread", onClose, { "data-testid": "close-thread" }),
      ),
      this.list.scroller,
      this.problem,
      this.foot,
    );
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) onClose();
    });
  }
}

export class HomePane {
  constructor({ appId, onMenu }) {
    this.app = appById(appId) ?? { id: appId, name: "App" };
    this.view = null;
    this.surface = new Surface({ kind: "home", container: () => ({ type: "view", view_id: this.view?.id }) });
    this.empty = el("p", { class: "empty" }, `${this.app.name} has nothing on its Home yet.`);
    this.body = el("div", { class: "home-body", data: { testid: "home" } }, el("p", { class: "empty" }, "Loading…"));
    this.root = el(
      "main",
      { class: "pane", data: { testid: "home-pane" } },
      heading(onMenu, el("h1", { class: "pane-title" }, this.app.name)),
      appTabs(this.app, "Home"),
      el("div", { class: "scroller", tabindex: "0", "aria-label": "Home" }, this.body),
    );
  }

  async load() {
    try {
      const { view } = await api.home();
      this.show(view ?? this.view);
    } catch (error) {
      fill(
        this.body,
        el("div", { class: "alert alert-error", role: "alert" }, icon("warn", 18), el("div", {}, error.message)),
      );
    }
  }

  show(view) {
    this.view = view;
    if (!view) {
      fill(this.body, this.empty);
      return;
    }
    drawBlocks(this.surface, view.blocks);
    if (this.surface.root.parentElement !== this.body) fill(this.body, this.surface.root);
  }

  update() {}
}
