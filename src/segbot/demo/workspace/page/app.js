// The page: boot, the place in the address bar, what arrives over the socket, and who draws what.

import * as api from "./api.js";
import { allChannels, appOfBot, channel, myId, putChannel, setDirectory, theTeam } from "./directory.js";
import { el, fill } from "./dom.js";
import { dropView, openView, pushView, updateView } from "./modal.js";
import { closeMenus, toast } from "./overlays.js";
import { ChannelPane, HomePane, ThreadPane } from "./panes.js";
import { drawSidebar } from "./sidebar.js";
import * as store from "./store.js";
import { settleBusy } from "./surface.js";

const page = { boot: null, route: {}, pane: null, thread: null };
const sidebar = el("aside", { class: "sidebar", id: "sidebar", "aria-label": "Workspace" });
const stage = el("div", { class: "stage" });
const veil = el("div", { class: "veil", on: { click: () => setDrawer(false) } });
const connection = el(
  "div",
  { class: "connection", role: "status", hidden: true, data: { testid: "connection" } },
  "Connection lost. Reconnecting…",
);

function setDrawer(open) {
  document.body.classList.toggle("drawer-open", open);
  if (open) sidebar.querySelector("a")?.focus();
}

/** The place named by the address: #/C1, #/C1/1690000000.000100 (a thread), #/home/A1. */
function readRoute() {
  const [first, second] = decodeURIComponent(window.location.hash).replace(/^#\/?/, "").split("/");
  if (first === "home" && second) return { home: second };
  if (first && channel(first)) return { channel: first, thread: second || null };
  const start = allChannels().find((one) => !one.is_im && one.is_member !== false) ?? allChannels()[0];
  return { channel: start?.id ?? null, thread: null };
}

const go = (path) => {
  window.location.hash = path;
};

function show() {
  closeMenus();
  const before = page.route;
  page.route = readRoute();
  setDrawer(false);
  const { route, boot } = page;
  if (route.home) {
    if (before.home !== route.home || !page.pane)
      page.pane = new HomePane({ appId: route.home, onMenu: () => setDrawer(true) });
    page.thread = null;
    page.pane.load();
  } else if (route.channel) {
    if (before.channel !== route.channel || !page.pane || before.home) page.pane = openChannel(route.channel, boot);
    showThread(before);
  }
  fill(
    stage,
    page.pane?.root ?? el("main", { class: "pane" }, el("p", { class: "empty" }, "There is no channel to show.")),
    page.thread?.root,
  );
  document.body.classList.toggle("with-thread", Boolean(page.thread));
  redraw();
  focusComposer(before);
  document.title = `${route.home ? "Home" : channel(route.channel)?.name || "Messages"} · ${theTeam().name}`;
}

function openChannel(id, boot) {
  const pane = new ChannelPane({
    boot,
    channel: id,
    openThread: (ts) => go(`/${id}/${ts}`),
    onMenu: () => setDrawer(true),
  });
  pane.load().then(() => sawChannel(id));
  const app = channel(id).is_im ? appOfBot(channel(id).user) : null;
  if (app) api.home("messages").catch(() => {}); // tells the app that its Messages tab is open
  return pane;
}

function showThread(before) {
  const { channel: id, thread } = page.route;
  if (!thread) page.thread = null;
  else if (!page.thread || before.thread !== thread || before.channel !== id) {
    page.thread = new ThreadPane({ boot: page.boot, channel: id, threadTs: thread, onClose: () => go(`/${id}`) });
    page.thread.load().then(() => store.markThreadRead(id, thread));
  }
}

function focusComposer(before) {
  const onPhone = window.matchMedia("(max-width: 760px)").matches;
  if (onPhone) return; // the keyboard would cover the messages
  const focus = page.thread && before.thread !== page.route.thread ? page.thread : page.pane;
  focus?.composer?.focus();
}

let queued = false;
/** Redraw once per frame at most, however many events arrived. */
function redraw() {
  if (queued) return;
  queued = true;
  queueMicrotask(() => {
    queued = false;
    page.pane?.update();
    page.thread?.update();
    drawSidebar(sidebar, page.route, () => setDrawer(false));
  });
}

const isOpen = (id) => page.route.channel === id && document.visibilityState === "visible";

function sawChannel(id) {
  if (isOpen(id)) store.markRead(id);
}

// ---- what the workspace tells

const HANDLERS = {
  message: (event) => arrived(event.channel, event.message),
  ephemeral: (event) => store.putMessage(event.channel, event.message),
  message_changed: (event) => store.putMessage(event.channel, event.message),
  message_deleted: (event) => deleted(event),
  ephemeral_deleted: (event) => store.dropMessage(event.channel, event.ts),
  reaction: (event) => store.putMessage(event.channel, event.message),
  view_open: (event) => openView(event.view),
  view_push: (event) => pushView(event.view),
  view_update: (event) => updateView(event.view),
  view_close: (event) => dropView(event.view_id),
  home: (event) => page.pane instanceof HomePane && page.pane.show(event.view),
  channel: (event) => changedChannel(event.channel),
  status: (event) => changedStatus(store.place(event.channel, event.thread_ts || null), event),
  toast: (event) =>
    toast(
      event.error ? api.sentence({ error: event.error, message: event.text }) : event.text,
      event.error ? "error" : "info",
    ),
};

const ANSWERS = new Set([
  "message",
  "ephemeral",
  "view_open",
  "view_push",
  "view_update",
  "view_close",
  "home",
  "toast",
]);

function onEvent(event) {
  const handler = HANDLERS[event.type];
  if (ANSWERS.has(event.type)) settleBusy();
  if (handler) handler(event);
  else console.warn("unknown event from the workspace", event.type);
}

function arrived(id, message) {
  const known = store.message(id, message.ts);
  store.putMessage(id, message);
  if (known) return;
  const isReply = message.thread_ts && message.thread_ts !== message.ts;
  store.setStatus(store.place(id, message.thread_ts), "");
  if (isReply) {
    if (page.route.thread !== message.thread_ts && message.user !== myId())
      store.markThreadUnread(id, message.thread_ts);
    return;
  }
  if (isOpen(id) || message.user === myId()) store.markRead(id);
  else store.markUnread(id);
}

/** A parent with replies leaves a tombstone, so that its thread can still be read. */
function deleted({ channel: id, ts }) {
  const before = store.message(id, ts);
  if (!before?.reply_count) store.dropMessage(id, ts);
  else
    store.putMessage(id, {
      ...before,
      user: "USLACKBOT",
      bot_id: null,
      username: null,
      blocks: [],
      files: [],
      attachments: [],
      reactions: [],
      subtype: "tombstone",
      text: "This message was deleted.",
    });
}

/** Direct messages never change; of the others the topic comes as Slack's object. */
function changedChannel(value) {
  if (value.is_im) return;
  putChannel({ ...value, topic: value.topic?.value ?? value.topic ?? "" });
  redraw();
}

function changedStatus(where, event) {
  if ("status" in event) store.setStatus(where, event.status);
  if ("prompts" in event) store.setPrompts(where, { title: event.title, prompts: event.prompts });
}

function onConnection(state, again) {
  connection.hidden = state === "open" || !again;
  if (state !== "open" || !again) return;
  page.pane?.load();
  page.thread?.load();
  loadOthers();
}

/** What is unread in the conversations that are not on show. */
async function loadOthers() {
  for (const { id, is_member: isMember } of allChannels()) {
    if (id === page.route.channel || isMember === false) continue;
    try {
      store.takeHistory(id, null, (await api.history(id)).messages);
    } catch (error) {
      console.info(`${id}: ${error.message}`);
      continue;
    }
    if (id !== page.route.channel) store.countUnread(id);
  }
}

// ---- start

async function start() {
  const root = document.getElementById("app");
  try {
    page.boot = await api.boot(new URLSearchParams(window.location.search).get("user"));
  } catch (error) {
    fill(
      root,
      el(
        "div",
        { class: "boot-problem", role: "alert" },
        el("h1", {}, "The workspace did not open"),
        el("p", {}, error.message),
        el(
          "button",
          { type: "button", class: "btn btn-primary", on: { click: () => window.location.reload() } },
          "Try again",
        ),
      ),
    );
    return;
  }
  setDirectory(page.boot);
  store.loadRead();
  fill(root, sidebar, veil, stage, connection);
  store.subscribe(redraw);
  window.addEventListener("hashchange", show);
  document.addEventListener("visibilitychange", () => page.route.channel && sawChannel(page.route.channel));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.body.classList.contains("drawer-open")) setDrawer(false);
  });
  api.follow(myId(), onEvent, onConnection);
  show();
  for (const [index, view] of (page.boot.views ?? []).entries()) (index === 0 ? openView : pushView)(view);
  loadOthers();
  document.body.dataset.ready = "true";
}

start();
