/** Row uint8 [32,192,1] in, class probabilities [1,48,11] per 4-pixel column out; class 10 is blank. */
export const PIXELS = true;

export function layers(conv) {
  return [
    conv(16, 3, [2, 2], 'relu', { inputShape: [32, 192, 1] }),
    conv(32, 3, [2, 2], 'relu'),
    conv(48, 3, [2, 1], 'relu'),
    conv(48, 3, [2, 1], 'relu'),
    conv(64, 3, [2, 1], 'relu'),
    conv(11, [1, 3], 1, 'softmax'),
  ];
}
