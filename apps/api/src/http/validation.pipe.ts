import { type ArgumentMetadata, Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import { invalid } from './invalid.js';
import { Problem } from './problem.js';

/** Checks what a route takes by the schema that the route names. A file is welcome only where a file is asked for. */
@Injectable()
export class ValidationPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: invalid });
  }

  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    if (metadata.type === 'body' && Buffer.isBuffer(value)) throw new Problem(415, 'request.unsupported-type');
    return super.transform(value, metadata);
  }
}
