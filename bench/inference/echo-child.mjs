import { serveRequests } from '../../dist/src/inference/engine/serve-requests.js';

// A child of the product's kind that does nothing: what a message there and back costs.

serveRequests({ echo: async () => null });
