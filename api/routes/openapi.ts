import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { about } from '../about.ts';

/** `GET /api/openapi.json`: what this service answers, as it is composed here. */
export function openapiRoute(): FastifyPluginAsyncTypebox {
  return async (api) => {
    const schema = {
      summary: 'This document',
      tags: ['service'],
      response: {
        200: Type.Unsafe<object>({ type: 'object', additionalProperties: true, description: 'OpenAPI 3.1.' }),
      },
    };
    api.get('/api/openapi.json', about('public', schema), async () => api.swagger());
  };
}
