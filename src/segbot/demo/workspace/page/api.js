// The workspace's client interface: one function per endpoint. Every failure becomes an ApiError whose message is a
// sentence for the person.

import { appName, myId } from "./directory.js";

/** What went wrong, as a sentence. `told` is true when the workspace tells the person itself (in the channel). */
export class ApiError extends Error {
  constructor(message, told = false) {
    super(message);
    this.told = told;
  }
}

const WORDS = {
  operation_timeout: () => `${appName()} took too long to answer. It may still be at work; if nothing happens, please try again.`,
  dispatch_failed: () => `${appName()} could not be reached, so nothing happened. Please try again in a moment.`,
  not_in_channel: () => "You are not a member of this channel. Join it first.",
  channel_not_found: () => "This channel does not exist, or you cannot see it.",
  view_not_found: () => "This dialog is no longer open in the workspace. Close it and start again.",
  unknown_action: () => "This button belongs to an older version of the message.",
  message_not_found: () => "This message is no longer there.",
};

/** The sentence for an error the server names by its code: ours, else the server's own, else the code itself. */
export function sentence(answer) {
  return WORDS[answer.error]?.() ?? answer.message ?? `The workspace answered: ${answer.error}.`;
}

async function parse(response) {
  let answer = {};
  try {
    answer = await response.json();
  } catch {
    if (response.ok) return {};
  }
  if (!response.ok || answer.ok === false || answer.error) {
    throw new ApiError(sentence({ error: `status ${response.status}`, ...answer }), Boolean(answer.message));
  }
  return answer;
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new ApiError("The workspace cannot be reached. Is it still running?");
  }
  return parse(response);
}

const get = (path, query) =>
  request(`${path}?${new URLSearchParams(Object.entries(query).filter(([, value]) => value))}`);
const post = (path, body) =>
  request(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user: myId(), ...body }),
  });

export const boot = (user) => get("/client/boot", { user });
export const history = (channel, threadTs = null) =>
  get("/client/history", { user: myId(), channel, thread_ts: threadTs });
export const postMessage = (channel, text, threadTs = null) =>
  post("/client/post", { channel, text, ...(threadTs ? { thread_ts: threadTs } : {}) });
export const sendAction = (container, action, state) => post("/client/action", { container, action, state });
export const loadOptions = (container, actionId, blockId, value) =>
  post("/client/options", { container, action_id: actionId, block_id: blockId, value });
export const submitView = (viewId, state) => post("/client/view_submit", { view_id: viewId, state });
export const closeView = (viewId, all = false) =>
  post("/client/view_close", { view_id: viewId, ...(all ? { all: true } : {}) });
export const runShortcut = (shortcut, message = {}) =>
  post("/client/shortcut", { callback_id: shortcut.callback_id, type: shortcut.type, ...message });
export const react = (channel, ts, name, add) => post("/client/react", { channel, ts, name, add });
export const home = (tab = "home") => post("/client/home", { tab });
export const join = (channel) => post("/client/join", { channel });

/** Send one file, with words or without; `channel` is null for a file given in a modal. Answers the uploaded file. */
export async function upload(file, { channel = null, threadTs = null, text = "" } = {}) {
  const form = new FormData();
  form.set("user", myId());
  if (channel) form.set("channel", channel);
  if (threadTs) form.set("thread_ts", threadTs);
  if (text) form.set("text", text);
  form.set("file", file, file.name);
  return (await request("/client/upload", { method: "POST", body: form })).file;
}

/** Where the browser gets one of the workspace's files from. */
export const fileUrl = (id, download = false) =>
  `/client/file/${encodeURIComponent(id)}?user=${encodeURIComponent(myId() ?? "")}${download ? "&download=1" : ""}`;

const RETRY_MS = [500, 1000, 2000, 4000, 8000];

/**
 * Follow what happens in the workspace for `user`. `onEvent` gets each event; `onState` hears "open" (with true when
 * it is a reconnection, so that what was missed is fetched) and "closed". Returns a function that stops it.
 */
export function follow(user, onEvent, onState) {
  let socket = null;
  let tries = 0;
  let stopped = false;
  let wasOpen = false;
  let timer = null;
  const connect = () => {
    const scheme = window.location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${window.location.host}/client/ws?user=${encodeURIComponent(user)}`);
    socket.onopen = () => {
      tries = 0;
      onState("open", wasOpen);
      wasOpen = true;
    };
    socket.onmessage = (event) => onEvent(JSON.parse(event.data));
    socket.onclose = () => {
      if (stopped) return;
      onState("closed", wasOpen);
      timer = setTimeout(connect, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
      tries += 1;
    };
  };
  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    socket.close();
  };
}
