// The workspace's client interface: one function per endpoint. Every failure becomes an ApiError whose message is a
// sentence for the person.

import { appName, myId } from "./directory.js";

export class ApiError extends Error {}

const WORDS = {
  timeout: () => `${appName()} took too long to answer. Nothing was lost; please try again.`,
  operation_timeout: () => `${appName()} took too long to answer. Nothing was lost; please try again.`,
  dispatch_failed: () => `${appName()} is not connected just now, so this did not reach it. Please try again in a moment.`,
  app_not_running: () => `${appName()} is not connected just now, so this did not reach it. Please try again in a moment.`,
};

/** The sentence for an error the server names: its own `message`, else ours for the code, else the code. */
export function sentence(answer) {
  return answer.message || WORDS[answer.error]?.() || String(answer.error ?? "Something went wrong.");
}

async function parse(response) {
  let answer = {};
  try {
    answer = await response.json();
  } catch {
    if (response.ok) return {};
  }
  if (!response.ok || answer.ok === false || answer.error) throw new ApiError(sentence({ error: `The workspace answered ${response.status}.`, ...answer }));
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

const get = (path, query) => request(`${path}?${new URLSearchParams(Object.entries(query).filter(([, value]) => value))}`);
const post = (path, body) => request(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ user: myId(), ...body }) });

export const boot = (user) => get("/client/boot", { user });
export const history = (channel, threadTs = null) => get("/client/history", { user: myId(), channel, thread_ts: threadTs });
export const postMessage = (channel, text, threadTs = null) => post("/client/post", { channel, text, ...(threadTs ? { thread_ts: threadTs } : {}) });
export const sendAction = (container, action, state) => post("/client/action", { container, action, state });
export const loadOptions = (container, actionId, blockId, value) => post("/client/options", { container, action_id: actionId, block_id: blockId, value });
export const submitView = (viewId, state) => post("/client/view_submit", { view_id: viewId, state });
export const closeView = (viewId, all = false) => post("/client/view_close", { view_id: viewId, ...(all ? { all: true } : {}) });
export const runShortcut = (shortcut, message = {}) => post("/client/shortcut", { callback_id: shortcut.callback_id, type: shortcut.type, ...message });
export const react = (channel, ts, name, add) => post("/client/react", { channel, ts, name, add });
export const home = (extra = {}) => post("/client/home", extra);

/** Send one file; `channel` may be null for a file given in a modal. Answers the uploaded file. */
export async function upload(file, channel, threadTs = null) {
  const form = new FormData();
  form.set("user", myId());
  if (channel) form.set("channel", channel);
  if (threadTs) form.set("thread_ts", threadTs);
  form.set("file", file, file.name);
  return (await request("/client/upload", { method: "POST", body: form })).file;
}

/** Where the browser gets one of the workspace's files from. */
export const fileUrl = (id) => `/client/file/${encodeURIComponent(id)}?user=${encodeURIComponent(myId() ?? "")}`;

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
