// Dates as people read them, in the browser's own time zone. Slack timestamps are seconds with a fraction, as text.

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
const LOCALE = "en-US";

const pick = (options) => new Intl.DateTimeFormat(LOCALE, options);
const CLOCK = pick({ hour: "numeric", minute: "2-digit" });
const CLOCK_SECONDS = pick({ hour: "numeric", minute: "2-digit", second: "2-digit" });
const MONTH = pick({ month: "long" });
const WEEKDAY = pick({ weekday: "long" });
const SHORT = pick({ month: "short", day: "numeric", year: "numeric" });
const SLASH = pick({ month: "2-digit", day: "2-digit", year: "numeric" });

export const tsToDate = (ts) => new Date(Number.parseFloat(ts) * 1000);
export const clock = (ts) => CLOCK.format(tsToDate(ts));
export const fullTime = (ts) => `${longDate(tsToDate(ts))} at ${CLOCK_SECONDS.format(tsToDate(ts))}`;

function ordinal(day) {
  const teen = day % 100 >= 11 && day % 100 <= 13;
  return `${day}${teen ? "th" : ({ 1: "st", 2: "nd", 3: "rd" }[day % 10] ?? "th")}`;
}

const plainDate = (date) => `${MONTH.format(date)} ${ordinal(date.getDate())}, ${date.getFullYear()}`;
const longDate = (date) => `${WEEKDAY.format(date)}, ${plainDate(date)}`;
const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

/** Whole days from today to `date` in local days: -1 yesterday, 0 today, 1 tomorrow. */
function dayOffset(date, now) {
  return Math.round((midnight(date) - midnight(now)) / (DAY * 1000));
}

function pretty(date, now, otherwise) {
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[dayOffset(date, now)] ?? otherwise(date);
}

/** How long ago (or ahead) `date` is: "just now", "3 minutes ago", "in 2 hours", "5 days ago". */
export function ago(date, now = new Date()) {
  const seconds = Math.round((now - date) / 1000);
  const size = Math.abs(seconds);
  if (size < 45) return "just now";
  const [count, unit] =
    size < HOUR
      ? [Math.max(1, Math.round(size / MINUTE)), "minute"]
      : size < DAY
        ? [Math.round(size / HOUR), "hour"]
        : size < 30 * DAY
          ? [Math.round(size / DAY), "day"]
          : size < 365 * DAY
            ? [Math.round(size / (30 * DAY)), "month"]
            : [Math.round(size / (365 * DAY)), "year"];
  const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return seconds >= 0 ? `${words} ago` : `in ${words}`;
}

/** The heading of a day in a message list: "Today", "Yesterday", "Tuesday, February 18th". */
export function dayHeading(ts, now = new Date()) {
  const date = tsToDate(ts);
  const offset = dayOffset(date, now);
  if (offset === 0) return "Today";
  if (offset === -1) return "Yesterday";
  return date.getFullYear() === now.getFullYear()
    ? `${WEEKDAY.format(date)}, ${MONTH.format(date)} ${ordinal(date.getDate())}`
    : longDate(date);
}

/** A key that is equal for two timestamps of the same local day. */
export const dayKey = (ts) => midnight(tsToDate(ts));

/**
 * Slack's date token: fill `{date}`, `{time}` and their kin in `format` for a Unix time in seconds.
 * An unknown token stays as it is, so that a mistake is seen.
 */
export function formatDate(seconds, format, now = new Date()) {
  const date = new Date(seconds * 1000);
  const iso = `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
  const tokens = {
    date_num: () => iso,
    date_slash: () => SLASH.format(date),
    date: () => plainDate(date),
    date_short: () => SHORT.format(date),
    date_long: () => longDate(date),
    date_pretty: () => pretty(date, now, plainDate),
    date_short_pretty: () => pretty(date, now, (d) => SHORT.format(d)),
    date_long_pretty: () => pretty(date, now, longDate),
    day_divider_pretty: () => dayHeading(seconds, now),
    time: () => CLOCK.format(date),
    time_secs: () => CLOCK_SECONDS.format(date),
    ago: () => ago(date, now),
  };
  return format.replace(/\{([a-z_]+)\}/g, (whole, name) => tokens[name]?.() ?? whole);
}

/** Bytes for people: "812 B", "14 kB", "2.1 MB". */
export function fileSize(bytes) {
  const size = Number(bytes) || 0;
  if (size < 1000) return `${size} B`;
  if (size < 1e6) return `${Math.round(size / 1e3)} kB`;
  return `${(size / 1e6).toFixed(1)} MB`;
}
