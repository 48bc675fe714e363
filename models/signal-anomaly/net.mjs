/** Row float32 [1,L,1] in (L a multiple of 32), anomaly score [1,L/32,1] per 32 samples out. */
export const PIXELS = false;

export function layers(conv) {
  return [
    conv(16, [1, 7], [1, 2], 'relu', { inputShape: [1, null, 1] }),
    conv(24, [1, 5], [1, 2], 'relu'),
    conv(32, [1, 5], [1, 2], 'relu'),
    conv(40, [1, 5], [1, 2], 'relu'),
    conv(48, [1, 5], [1, 2], 'relu'),
    conv(48, [1, 5], 1, 'relu'),
    conv(1, [1, 3], 1, 'sigmoid'),
  ];
}
