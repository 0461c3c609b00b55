// What the page knows: messages by channel, what is read, drafts, who is at work. Plain data and a list of listeners;
// the views draw from here and never keep messages of their own.

import { myId } from "./directory.js";

const byChannel = new Map(); // channel id -> Map(ts -> message)
const dismissed = new Set(); // channel/ts of ephemeral messages the person sent away
const listeners = new Set();
const drafts = new Map();
const statuses = new Map(); // channel/thread -> text such as "is thinking…"
const prompts = new Map(); // channel/thread -> suggested prompts
const unread = new Map(); // channel id -> number of unread messages
const newThreads = new Set(); // channel/ts of threads with unread replies
let read = {}; // channel id -> ts of the last message seen

export const place = (channel, thread = null) => (thread ? `${channel}/${thread}` : channel);

/** Hear about changes; the listener gets the channel id that changed, or null for all. Returns how to stop. */
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function changed(channel = null) {
  for (const listener of listeners) listener(channel);
}

const room = (channel) => {
  if (!byChannel.has(channel)) byChannel.set(channel, new Map());
  return byChannel.get(channel);
};

const isReply = (message) => Boolean(message.thread_ts && message.thread_ts !== message.ts);

/** Messages that stand in the channel itself, oldest first. */
export function timeline(channel) {
  return sorted(
    [...room(channel).values()].filter(
      (message) => !isReply(message) || message.subtype === "thread_broadcast" || message.reply_broadcast,
    ),
  );
}

/** A thread: its parent (when known) and its replies, oldest first. */
export function thread(channel, ts) {
  return sorted([...room(channel).values()].filter((message) => message.ts === ts || message.thread_ts === ts));
}

const sorted = (messages) => messages.sort((a, b) => (a.ts < b.ts ? -1 : 1));

export const message = (channel, ts) => room(channel).get(ts) ?? null;

/** Replace what is known of a channel (or one thread of it) by what the server has; ephemeral messages stay. */
export function takeHistory(channel, threadTs, messages) {
  const messagesHere = room(channel);
  const arrived = new Set(messages.map((one) => one.ts));
  for (const one of threadTs ? thread(channel, threadTs) : timeline(channel)) {
    if (!one.ephemeral && !arrived.has(one.ts)) messagesHere.delete(one.ts);
  }
  for (const one of messages) if (!dismissed.has(place(channel, one.ts))) messagesHere.set(one.ts, one);
  changed(channel);
}

/** The person sends an ephemeral message away; it stays away while the page is open. */
export function dismiss(channel, ts) {
  dismissed.add(place(channel, ts));
  dropMessage(channel, ts);
}

/** Add or replace one message. */
export function putMessage(channel, value) {
  room(channel).set(value.ts, value);
  changed(channel);
}

export function dropMessage(channel, ts) {
  room(channel).delete(ts);
  changed(channel);
}

// ---- read and unread

const readKey = () => `segbot-read-${myId()}`;

export function loadRead() {
  try {
    read = JSON.parse(window.localStorage.getItem(readKey()) ?? "{}");
  } catch {
    read = {}; // storage is switched off or holds something else: everything counts as read from now on
  }
}

/** Count what others wrote since the person last looked (everything, in a channel never opened). */
export function countUnread(channel) {
  const since = read[channel] ?? "";
  const count = timeline(channel).filter((one) => one.ts > since && one.user !== myId() && !one.ephemeral).length;
  if (count) unread.set(channel, count);
  else unread.delete(channel);
  changed(channel);
}

export const lastRead = (channel) => read[channel] ?? null;
export const unreadCount = (channel) => unread.get(channel) ?? 0;

export function markUnread(channel) {
  unread.set(channel, unreadCount(channel) + 1);
}

/** The person has seen the channel up to its newest message. */
export function markRead(channel) {
  const newest = timeline(channel).at(-1);
  if (newest) read[channel] = newest.ts;
  const had = unread.delete(channel);
  try {
    window.localStorage.setItem(readKey(), JSON.stringify(read));
  } catch {
    // Without storage the marks last until the page is closed.
  }
  if (had) changed(channel);
}

export const markThreadUnread = (channel, ts) => newThreads.add(place(channel, ts));
export const markThreadRead = (channel, ts) => newThreads.delete(place(channel, ts)) && changed(channel);
export const isThreadUnread = (channel, ts) => newThreads.has(place(channel, ts));

// ---- small things

export const draft = (where) => drafts.get(where) ?? "";
export const setDraft = (where, text) => (text ? drafts.set(where, text) : drafts.delete(where));
export const status = (where) => statuses.get(where) ?? "";

export function setStatus(where, text) {
  if (text) statuses.set(where, text);
  else statuses.delete(where);
  changed(where.split("/")[0]);
}

export const suggestedPrompts = (where) => prompts.get(where) ?? null;

export function setPrompts(where, value) {
  prompts.set(where, value);
  changed(where.split("/")[0]);
}
