/** Row uint8 [128,128,1] in, class probabilities [16,16,5] per 8x8 cell out. */
export const PIXELS = true;

export function layers(conv) {
  return [
    conv(12, 3, 2, 'relu', { inputShape: [128, 128, 1] }),
    conv(24, 3, 2, 'relu'),
    conv(32, 3, 2, 'relu'),
    conv(32, 3, 1, 'relu'),
    conv(32, 3, 1, 'relu'),
    conv(5, 1, 1, 'softmax'),
  ];
}
