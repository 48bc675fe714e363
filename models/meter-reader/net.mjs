/** Row uint8 [128,192,1] in, probability [32,48,1] per 4x4 cell out that the cell is in the middle of a digit. */
export const PIXELS = true;

export function layers(conv) {
  return [
    conv(8, 3, 2, 'relu', { inputShape: [128, 192, 1] }),
    conv(20, 3, 2, 'relu'),
    conv(24, 3, 1, 'relu'),
    conv(24, 3, 1, 'relu'),
    conv(24, 3, 1, 'relu'),
    conv(1, 3, 1, 'sigmoid'),
  ];
}
