// Reactions under a message, and the picker to add one.

import * as api from "./api.js";
import { el, fill, icon } from "./dom.js";
import { FREQUENT, emoji, emojiNames } from "./emoji.js";
import { myId, personName } from "./directory.js";
import { openPanel, toast } from "./overlays.js";

/** Add or take back one's reaction. */
export async function toggleReaction(channel, message, name) {
  const mine = (message.reactions ?? []).some((reaction) => reaction.name === name && reaction.users.includes(myId()));
  try {
    await api.react(channel, message.ts, name, !mine);
  } catch (error) {
    toast(error.message, "error");
  }
}

/** The row of reactions, or nothing when there are none. */
export function reactionRow(channel, message) {
  const reactions = (message.reactions ?? []).filter((reaction) => (reaction.users ?? []).length);
  if (!reactions.length) return null;
  const row = el(
    "div",
    { class: "reactions" },
    reactions.map((reaction) => {
      const mine = reaction.users.includes(myId());
      const count = reaction.count ?? reaction.users.length;
      const who = reaction.users.map(personName).join(", ");
      return el(
        "button",
        {
          type: "button",
          class: `reaction ${mine ? "reaction-mine" : ""}`,
          "aria-pressed": String(mine),
          title: `${who} reacted with :${reaction.name}:`,
          "aria-label": `${count} ${reaction.name.replace(/_/g, " ")}, ${mine ? "take back" : "add"} yours`,
          data: { testid: "reaction", name: reaction.name },
          on: { click: () => toggleReaction(channel, message, reaction.name) },
        },
        el("span", { class: "emoji" }, emoji(reaction.name) ?? `:${reaction.name}:`),
        el("span", { class: "reaction-count" }, String(count)),
      );
    }),
  );
  row.append(
    el(
      "button",
      {
        type: "button",
        class: "reaction reaction-add",
        "aria-label": "Add a reaction",
        on: {
          click: (event) => openReactionPicker(event.currentTarget, (name) => toggleReaction(channel, message, name)),
        },
      },
      icon("smile", 15),
    ),
  );
  return row;
}

/** A small emoji picker at `anchor`: frequent ones first, a search over all names. */
export function openReactionPicker(anchor, choose) {
  const grid = el("div", { class: "emoji-grid", role: "listbox", "aria-label": "Emoji" });
  const pick = (name) => {
    close();
    choose(name);
  };
  const show = (names) =>
    fill(
      grid,
      names.map((name) =>
        el(
          "button",
          {
            type: "button",
            class: "emoji-choice",
            role: "option",
            title: `:${name}:`,
            "aria-label": name.replace(/_/g, " "),
            data: { name },
            on: { click: () => pick(name) },
          },
          emoji(name),
        ),
      ),
    );
  const search = el("input", {
    type: "search",
    class: "field",
    placeholder: "Search emoji",
    "aria-label": "Search emoji",
    on: {
      input: () => {
        const wanted = search.value.trim().toLowerCase().replace(/^:|:$/g, "");
        show(
          wanted
            ? emojiNames()
                .filter((name) => name.includes(wanted))
                .slice(0, 60)
            : FREQUENT,
        );
      },
      keydown: (event) => {
        if (event.key === "Enter") grid.firstElementChild?.click();
      },
    },
  });
  show(FREQUENT);
  const close = openPanel(anchor, [search, grid], { label: "Pick a reaction", testid: "reaction-picker" });
}
