// Elements from data. Text goes in as text nodes only, so no name can become markup.
export type Child = Node | string | null | undefined | false;
export type Attributes = Record<string, string | number | boolean | null | undefined>;

function fill<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) {
    if (child) element.append(child);
  }
  return element;
}

export function h<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(name), attributes, children);
}

export function s<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

// A name from a scenario: its direction is its own, and where it is long the rest is behind the pointer.
export function named(text: string, most = 60): HTMLElement {
  const short = clipped(text, most);
  return h("bdi", { title: short === text ? null : clipped(text, 500) }, short);
}

export function clipped(text: string, most: number): string {
  const letters = [...text.slice(0, 4 * most + 4)];
  return letters.length <= most ? text : letters.slice(0, most - 1).join("") + "…";
}

// A command to type, with a button that copies it.
export function command(text: string): HTMLElement {
  const said = h("span", { class: "said", role: "status" });
  const button = h("button", { type: "button", class: "quiet" }, "Copy");
  const code = h("code", {}, text);
  button.addEventListener("click", () => {
    const range = document.createRange();
    range.selectNodeContents(code);
    getSelection()?.removeAllRanges();
    getSelection()?.addRange(range);
    const done = navigator.clipboard?.writeText(text) ?? Promise.reject();
    done.then(
      () => said.replaceChildren("Copied"),
      () => said.replaceChildren("Selected; copy it"),
    );
  });
  return h("p", { class: "command" }, code, button, said);
}
