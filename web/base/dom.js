// Everything on a page is made here, so that no text of a result is ever read as markup.

/** el("a.big", {href: "#x"}, "text", node, [nodes], null): attributes are set as such, texts become text nodes. */
export function el(selector, ...rest) {
  const [tag, ...classes] = selector.split(".");
  const node = document.createElement(tag);
  if (classes.length > 0) node.className = classes.join(" ");
  const [first] = rest;
  const has_attributes = first !== null && typeof first === "object" && !(first instanceof Node) && !Array.isArray(first);
  if (has_attributes) {
    for (const [name, value] of Object.entries(rest.shift())) {
      if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
    }
  }
  node.append(...rest.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

let last_id = 0;
/** An id that no other element of the page has. */
export const fresh_id = (prefix) => `${prefix}-${++last_id}`;
