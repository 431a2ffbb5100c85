// The charts' colours are the style sheet's: read from it, and read again when the reader's mode changes.
const names = ["text", "muted", "line", "surface", "shade", "bad", "warn", "good"];

export function theme() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const out = Object.fromEntries(names.map((name) => [name, colour(name)]));
  out.font = getComputedStyle(document.body).fontFamily;
  out.series = Array.from({ length: 8 }, (_, i) => colour(`series-${i + 1}`));
  return out;
}

/** Calls back when dark mode or printing begins or ends. */
export function on_theme_change(callback) {
  for (const query of ["(prefers-color-scheme: dark)", "print"]) {
    window.matchMedia(query).addEventListener("change", callback);
  }
}
