// Who and what the page can name: people, channels, apps. Every renderer asks here, so that a gallery page with
// made-up people and the live workspace use the same renderers.

const people = new Map();
const channels = new Map();
const apps = new Map();
const groups = new Map();
const SLACKBOT = "USLACKBOT";
let me = null;
let team = { id: "", name: "" };

/** Take over the answer of /client/boot (or the gallery's own data). */
export function setDirectory(boot) {
  people.clear();
  channels.clear();
  apps.clear();
  groups.clear();
  for (const person of boot.people ?? []) people.set(person.id, person);
  for (const channel of boot.channels ?? []) channels.set(channel.id, channel);
  for (const app of boot.apps ?? []) apps.set(app.id, app);
  for (const group of boot.groups ?? []) groups.set(group.id, group);
  team = boot.team ?? team;
  me = boot.me;
}

export const myId = () => me;
export const theTeam = () => team;
export const person = (id) => people.get(id) ?? null;
export const everyone = () => [...people.values()];
export const channel = (id) => channels.get(id) ?? null;
export const allChannels = () => [...channels.values()];
export const allApps = () => [...apps.values()];
export const appOfBot = (userId) => allApps().find((app) => app.bot_user_id === userId) ?? null;
export const appById = (id) => apps.get(id) ?? null;

/** The handle of a user group, or its id when it is unknown. */
export const groupHandle = (id) => groups.get(id)?.handle ?? id;

/** Add or change one channel (it was created, or somebody joined it). */
export function putChannel(value) {
  channels.set(value.id, { ...(channels.get(value.id) ?? {}), ...value });
}

/** The name shown for a person: the real name, else the handle, else the id. */
export function personName(id) {
  const found = people.get(id);
  if (found) return found.real_name || found.name;
  return id === SLACKBOT ? "Slackbot" : id;
}

/** The name shown for a channel: a channel's name without #, or the other person's name in a direct message. */
export function channelName(id) {
  const found = channels.get(id);
  if (!found) return id;
  return found.is_im ? personName(found.user) : found.name;
}

/** The app the person is talking to, for sentences such as "segbot took too long"; "The app" when unknown. */
export function appName(appId) {
  return (appId && apps.get(appId)?.name) || allApps()[0]?.name || "The app";
}

/** Author of a message: {id, name, color, initials, isApp}. A message's own `username` wins over the bot's name. */
export function author(message) {
  const found = people.get(message.user) ?? everyone().find((p) => p.bot_id && p.bot_id === message.bot_id) ?? null;
  const app = message.app_id ? apps.get(message.app_id) : found ? appOfBot(found.id) : null;
  const isApp = Boolean(message.bot_id || found?.is_bot || message.subtype === "bot_message");
  const name =
    message.username ||
    (found || message.user === SLACKBOT ? personName(message.user ?? found.id) : app?.name) ||
    (isApp ? appName(null) : "Somebody");
  return {
    id: found?.id ?? message.user ?? message.bot_id ?? name,
    name,
    color: found?.color ? cssColor(found.color) : "#5b6b7b",
    initials: message.username ? initials(name) : found?.initials || initials(name),
    isApp,
  };
}

/** A CSS colour from Slack's bare hex ("9f69e7") or one with a hash; grey for anything else. */
export function cssColor(value) {
  const bare = String(value ?? "").replace(/^#/, "");
  return /^([0-9a-f]{3}|[0-9a-f]{6})$/i.test(bare) ? `#${bare}` : "#5b6b7b";
}

/** Up to two capital letters of a name. */
export function initials(name) {
  const words = String(name)
    .trim()
    .split(/[\s_.-]+/)
    .filter(Boolean);
  return (
    words
      .slice(0, 2)
      .map((word) => [...word][0].toUpperCase())
      .join("") || "?"
  );
}
