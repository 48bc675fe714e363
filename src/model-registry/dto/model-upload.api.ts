import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiExtraModels, ApiHeader, ApiResponse } from '@nestjs/swagger';
import { ModelDto } from './model.dto.js';

const MANIFEST = {
  manifestVersion: 1,
  slug: 'leaf-disease',
  kind: 'image-classifier',
  title: { en: 'Leaf disease', ko: '잎 병해' },
  artifacts: [{ runtime: 'onnx', files: ['model.onnx'] }],
  input: { tensor: 'input', type: 'uint8', width: 224, height: 224 },
  output: { tensor: 'probs', labels: ['healthy', 'rust', 'mildew'] },
};

const MANIFEST_SCHEMA = {
  type: 'object',
  description: 'What the analyzer of this model is: kind, tensors, labels, limits. Unknown keys are refused.',
  additionalProperties: true,
  example: MANIFEST,
} as const;

const FILE_ID = { type: 'string', example: 'file_01m8323f50ecdtnmz19wr9rz7h' } as const;

/** Documents the two forms of a model upload. */
export function ApiModelUpload(): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(ModelDto),
    ApiConsumes('multipart/form-data', 'application/json'),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'One key makes one model; a repetition gets the first answer',
      example: '0f8fad5b-d9cb-469f-a165-70867728950e',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
    ApiBody({
      schema: {
        type: 'object',
        required: ['manifest'],
        properties: {
          manifest: MANIFEST_SCHEMA,
          fileId: { ...FILE_ID, description: 'JSON only: the one file of the model, uploaded before' },
          files: {
            type: 'array',
            description:
              'Multipart: one part per file of the manifest, with its name. JSON: files that were uploaded before',
            items: { type: 'object', properties: { name: { type: 'string', example: 'model.onnx' }, fileId: FILE_ID } },
          },
        },
        example: { manifest: MANIFEST, fileId: FILE_ID.example },
      } as never,
    }),
    ApiResponse({
      status: 202,
      type: ModelDto,
      description: 'Stored; its checks run now',
      headers: {
        Location: { description: 'Where to follow them', schema: { type: 'string' } },
        'Idempotency-Replayed': { description: 'true: an earlier request made it', schema: { type: 'string' } },
      },
    }),
  );
}
