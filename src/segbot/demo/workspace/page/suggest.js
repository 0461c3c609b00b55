// What the composer offers while one types: slash commands with their usage, people after @, channels after #; and how
// what was typed becomes Slack text (mentions as <@U1>, escapes, links).

import { allChannels, channelName, everyone, personName } from "./directory.js";
import { escape } from "./mrkdwn.js";

const LIMIT = 8;
const RANGES = ["here", "channel", "everyone"];

/**
 * What to offer for `text` with the cursor at `at`: {items: [{label, description, insert}], from, to} or null. Choosing
 * an item replaces the text from `from` to `to` by `insert`.
 */
export function suggestions(text, at, commands, inThread) {
  if (/^\/\S*$/.test(text.slice(0, at)) && !inThread) return commandItems(text.slice(0, at), at, commands);
  const match = /(?:^|[\s(])([@#])([\p{L}\p{N}._-]*)$/u.exec(text.slice(0, at));
  if (!match) return null;
  const wanted = match[2].toLowerCase();
  const items = match[1] === "@" ? peopleItems(wanted) : channelItems(wanted);
  return items.length ? { items: items.slice(0, LIMIT), from: at - wanted.length - 1, to: at } : null;
}

function commandItems(typed, at, commands) {
  const items = commands
    .filter((command) => command.command.startsWith(typed.toLowerCase()))
    .map((command) => ({ label: `${command.command} ${command.usage_hint ? `[${command.usage_hint}]` : ""}`.trim(), description: command.description, insert: `${command.command} ` }));
  return items.length ? { items: items.slice(0, LIMIT), from: 0, to: at } : null;
}

function peopleItems(wanted) {
  const starts = (text) => text.toLowerCase().split(/[\s._-]+/).some((word) => word.startsWith(wanted)) || text.toLowerCase().startsWith(wanted);
  const people = everyone()
    .filter((person) => starts(personName(person.id)) || starts(person.name ?? ""))
    .map((person) => ({ label: `@${personName(person.id)}`, description: person.is_bot ? "App" : person.title || "", insert: `@${personName(person.id)} ` }));
  const ranges = RANGES.filter((range) => range.startsWith(wanted)).map((range) => ({ label: `@${range}`, description: "Tells everybody", insert: `@${range} ` }));
  return [...people, ...ranges];
}

const channelItems = (wanted) => allChannels()
  .filter((channel) => !channel.is_im && channelName(channel.id).toLowerCase().includes(wanted))
  .map((channel) => ({ label: `#${channelName(channel.id)}`, description: channel.topic ?? "", insert: `#${channelName(channel.id)} ` }));

/** The command whose usage is shown while its words are being typed, or null. */
export function commandBeingTyped(text, commands) {
  const word = /^(\/\S+)\s/.exec(text)?.[1];
  return commands.find((command) => command.command === word) ?? null;
}

const pattern = (words) => new RegExp(`^(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})(?![\\p{L}\\p{N}_])`, "iu");

/** What was typed as Slack text: &, <, > escaped, mentions of people, channels and groups as control sequences. */
export function encode(text) {
  const people = new Map();
  for (const person of everyone()) for (const name of [personName(person.id), person.name]) if (name) people.set(name.toLowerCase(), `<@${person.id}>`);
  for (const range of RANGES) people.set(range, `<!${range}>`);
  const rooms = new Map(allChannels().filter((one) => !one.is_im).map((one) => [channelName(one.id).toLowerCase(), `<#${one.id}|${channelName(one.id)}>`]));
  const longestFirst = (map) => (map.size ? pattern([...map.keys()].sort((a, b) => b.length - a.length)) : null);
  const patterns = { "@": [longestFirst(people), people], "#": [longestFirst(rooms), rooms] };
  let out = "";
  let i = 0;
  while (i < text.length) {
    const [names, targets] = patterns[text[i]] ?? [];
    const match = names && !/[\p{L}\p{N}]/u.test(text[i - 1] ?? "") ? names.exec(text.slice(i + 1, i + 90)) : null;
    out += match ? targets.get(match[1].toLowerCase()) : escape(text[i]);
    i += match ? match[0].length + 1 : 1;
  }
  return linked(out);
}

/** Web addresses go out between angle brackets, as Slack's composer sends them. */
function linked(text) {
  return text.replace(/(^|[\s(])(https?:\/\/[^\s<>]+?)(?=[.,;:!?)]*(?:\s|$))/g, "$1<$2>");
}
