import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { type Observable, Subject } from 'rxjs';

/**
 * Ends the HTTP side before anything it stands on is taken away: no new connections, live updates end, requests under way are answered, and
 * so is what still comes over open connections, which then close.
 */
@Injectable()
export class Drain implements OnModuleDestroy {
  private readonly began = new Subject<void>();

  constructor(private readonly host: HttpAdapterHost<FastifyAdapter>) {}

  /** For answers that would never end by themselves. */
  get begins(): Observable<void> {
    return this.began.asObservable();
  }

  async onModuleDestroy() {
    this.began.next();
    const { httpAdapter } = this.host;
    // Where the api's parts serve a command of the command line, there is nothing to end.
    if (!httpAdapter) return;
    const server = httpAdapter.getHttpServer();
    let closed = false;
    const closing = httpAdapter.close().finally(() => (closed = true));
    // Node closes what is idle now; a connection that becomes idle later would wait for its client.
    while (!closed) {
      server.closeIdleConnections();
      await Promise.race([closing, wait(50)]);
    }
    await closing;
  }
}
