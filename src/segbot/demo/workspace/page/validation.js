// What Slack's client itself refuses before a modal is submitted, with words next to the field.

import { isEmpty } from "./values.js";

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Errors by block_id for the input blocks of a view; empty when it may be submitted. */
export function validate(blocks, values, here = null) {
  const errors = {};
  for (const block of blocks ?? []) {
    if (block.type !== "input" || !block.element) continue;
    const held = values.get(block, block.element, here);
    const message = isEmpty(held) ? (block.optional ? null : required(block.element)) : problem(block.element, held);
    if (message) errors[block.block_id] = message;
  }
  return errors;
}

function required(element) {
  return /select|radio|checkbox/.test(element.type)
    ? "Please choose an option."
    : "Please complete this required field.";
}

function problem(element, held) {
  const text = held.value ?? "";
  switch (element.type) {
    case "plain_text_input":
      return length(element, [...text].length);
    case "email_text_input":
      return EMAIL.test(text) ? null : "Please enter a valid email address.";
    case "url_text_input":
      return isUrl(text) ? null : "Please enter a valid URL, such as https://example.com.";
    case "number_input":
      return number(element, text);
    default:
      return null;
  }
}

function length(element, size) {
  if (element.min_length && size < element.min_length) return `Please enter at least ${element.min_length} characters.`;
  if (element.max_length && size > element.max_length)
    return `Please shorten this to ${element.max_length} characters or fewer.`;
  return null;
}

function isUrl(text) {
  try {
    return /^https?:$/.test(new URL(text).protocol);
  } catch {
    return false;
  }
}

function number(element, text) {
  if (!/^[-+]?(\d+(\.\d*)?|\.\d+)$/.test(text)) return "Please enter a number.";
  if (!element.is_decimal_allowed && text.includes(".")) return "Please enter a whole number.";
  const value = Number(text);
  if (element.min_value !== undefined && value < Number(element.min_value))
    return `Please enter ${element.min_value} or more.`;
  if (element.max_value !== undefined && value > Number(element.max_value))
    return `Please enter ${element.max_value} or less.`;
  return null;
}
