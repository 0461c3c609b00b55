// What the composer offers while one types: slash commands with their usage, people after @, channels after #; and how
// the names chosen go out (the workspace itself turns handles into mentions and escapes the rest).

import { allChannels, channelName, everyone, personName } from "./directory.js";

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
    .map((command) => ({
      label: `${command.command} ${command.usage_hint ? `[${command.usage_hint}]` : ""}`.trim(),
      description: command.description,
      insert: `${command.command} `,
    }));
  return items.length ? { items: items.slice(0, LIMIT), from: 0, to: at } : null;
}

function peopleItems(wanted) {
  const starts = (text) =>
    text
      .toLowerCase()
      .split(/[\s._-]+/)
      .some((word) => word.startsWith(wanted)) || text.toLowerCase().startsWith(wanted);
  const people = everyone()
    .filter((person) => starts(personName(person.id)) || starts(person.name ?? ""))
    .map((person) => ({
      label: `@${personName(person.id)}`,
      description: person.is_bot ? "App" : person.title || "",
      insert: `@${personName(person.id)} `,
    }));
  const ranges = RANGES.filter((range) => range.startsWith(wanted)).map((range) => ({
    label: `@${range}`,
    description: "Tells everybody",
    insert: `@${range} `,
  }));
  return [...people, ...ranges];
}

const channelItems = (wanted) =>
  allChannels()
    .filter((channel) => !channel.is_im && channelName(channel.id).toLowerCase().includes(wanted))
    .map((channel) => ({
      label: `#${channelName(channel.id)}`,
      description: channel.topic ?? "",
      insert: `#${channelName(channel.id)} `,
    }));

/** The command whose usage is shown while its words are being typed, or null. */
export function commandBeingTyped(text, commands) {
  const word = /^(\/\S+)\s/.exec(text)?.[1];
  return commands.find((command) => command.command === word) ?? null;
}

/** What was typed as the workspace takes it: names shown as "@Maya Chen" go out as handles, "@maya". */
export function encode(text) {
  const handles = everyone()
    .map((one) => [personName(one.id), one.name])
    .filter(([shown, handle]) => shown !== handle);
  handles.sort(([a], [b]) => b.length - a.length); // "@Maya Chen" before "@Maya"
  return handles.reduce((out, [shown, handle]) => out.replaceAll(named(shown), `@${handle}`), text);
}

const named = (name) =>
  new RegExp(`(?<![\\p{L}\\p{N}@])@${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\p{L}\\p{N}_])`, "giu");
