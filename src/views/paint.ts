const styles = { red: 31, green: 32, yellow: 33, cyan: 36, bold: 1, dim: 2 } as const;

export type Style = keyof typeof styles;
export type Paint = (style: Style, text: string) => string;

/** Colours text, or leaves it as it is. */
export function painter(colour: boolean): Paint {
  return (style, text) => (colour && text !== '' ? `\u001b[${styles[style]}m${text}\u001b[0m` : text);
}

export const unpainted: Paint = (_, text) => text;
