// The left side: the workspace's name, channels, direct messages, apps, and the switch between people.

import { allApps, allChannels, author, channelName, everyone, myId, person, personName, theTeam } from "./directory.js";
import { el, fill, icon, iconButton } from "./dom.js";
import { avatar } from "./messages.js";
import { openMenu } from "./overlays.js";
import * as store from "./store.js";

const drawn = new WeakMap(); // sidebar -> what it was drawn from

/** Draw the sidebar into `root`; `route` is the place on show; `closeDrawer` is for the phone layout. */
export function drawSidebar(root, route, closeDrawer) {
  const source = JSON.stringify([
    route.channel,
    route.home,
    allChannels().map((channel) => [channel, store.unreadCount(channel.id)]),
  ]);
  if (drawn.get(root) === source) return; // nothing to redraw: an open menu and the focus stay
  drawn.set(root, source);
  const focused = root.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const rooms = allChannels().filter((channel) => !channel.is_im && channel.is_member !== false);
  const others = allChannels().filter((channel) => !channel.is_im && channel.is_member === false);
  const talks = allChannels().filter((channel) => channel.is_im);
  fill(
    root,
    el(
      "div",
      { class: "sidebar-head" },
      el("span", { class: "team", data: { testid: "team" } }, theTeam().name || "Workspace"),
      iconButton("close", "Close the sidebar", closeDrawer, { class: "drawer-only" }),
    ),
    el(
      "nav",
      { class: "sidebar-lists", "aria-label": "Channels and conversations" },
      list(
        "Channels",
        rooms.map((channel) => entry(channel, route)),
      ),
      others.length
        ? list(
            "Other channels",
            others.map((channel) => entry(channel, route)),
          )
        : null,
      list(
        "Direct messages",
        talks.map((channel) => entry(channel, route)),
      ),
      allApps().length
        ? list(
            "Apps",
            allApps().map((app) => homeEntry(app, route)),
          )
        : null,
    ),
    root.querySelector(".person-switch") ?? personSwitch(),
  );
  if (focused) [...root.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus();
}

function list(heading, entries) {
  return el(
    "section",
    {},
    el("h2", { class: "sidebar-heading" }, heading),
    el(
      "ul",
      {},
      entries.map((node) => el("li", {}, node)),
    ),
  );
}

function entry(channel, route) {
  const current = route.channel === channel.id;
  const count = store.unreadCount(channel.id);
  const other = channel.is_im ? author({ user: channel.user }) : null;
  const mark = other
    ? avatar(other, "avatar-tiny")
    : el("span", { class: "hash", "aria-hidden": "true" }, channel.is_private ? icon("lock", 13) : "#");
  return el(
    "a",
    {
      class: `sidebar-entry ${current ? "current" : ""} ${count && !current ? "unread" : ""}`,
      href: `#/${channel.id}`,
      "aria-current": current ? "page" : null,
      data: { testid: "channel", channel: channel.id },
    },
    mark,
    el("span", { class: "sidebar-name" }, channelName(channel.id)),
    other?.isApp ? el("span", { class: "app-badge" }, "APP") : null,
    count && !current ? el("span", { class: "badge", "aria-label": `${count} unread` }, String(count)) : null,
  );
}

function homeEntry(app, route) {
  const current = route.home === app.id;
  return el(
    "a",
    {
      class: `sidebar-entry ${current ? "current" : ""}`,
      href: `#/home/${app.id}`,
      "aria-current": current ? "page" : null,
      data: { testid: "home-link", app: app.id },
    },
    icon("home", 15),
    el("span", { class: "sidebar-name" }, `${app.name} Home`),
  );
}

function personSwitch() {
  const me = person(myId());
  const who = author({ user: myId() });
  const humans = everyone().filter((one) => !one.is_bot);
  const open = (event) =>
    openMenu(
      event.currentTarget,
      [
        { heading: "Look at the workspace as" },
        ...humans.map((one) => ({
          label: personName(one.id),
          description: one.title,
          icon: avatar(author({ user: one.id }), "avatar-tiny"),
          data: { user: one.id },
          run: () => become(one.id),
        })),
      ],
      { label: "Switch person", testid: "person-menu" },
    );
  return el(
    "button",
    {
      type: "button",
      class: "person-switch",
      "aria-label": `You are ${personName(myId())}. Switch person`,
      data: { testid: "person-switch", user: myId() },
      on: { click: open },
    },
    avatar(who, "avatar-small"),
    el(
      "span",
      { class: "person-words" },
      el("span", { class: "person-name" }, personName(myId())),
      el("span", { class: "person-title" }, me?.title ?? ""),
    ),
    icon("sort", 14),
  );
}

/** Look at the workspace as somebody else: a fresh page, so that nothing of the one before stays. */
function become(userId) {
  if (userId === myId()) return;
  const url = new URL(window.location.href);
  url.searchParams.set("user", userId);
  window.location.assign(url);
}
