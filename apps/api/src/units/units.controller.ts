import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { DecideUnit } from '@app/commands/decide-unit.js';
import type { Actor } from '@app/domain/actor.js';
import { Refused } from '@app/domain/decider.js';
import { unitIdOf } from '@app/domain/ids.js';
import { UNIT_KINDS, unitCommands } from '@app/domain/unit.js';
import { UnitRow } from '@app/read-models/units.js';
import { Asks, type Asking, Caller, done, type Done, Id } from '../http/asking.js';
import { cut, page, startOf } from '../http/pages.js';
import { todoPage, TodoQueries } from './todo-queries.js';

const listing = z.strictObject({ ...page, q: z.string().trim().max(100).optional(), kind: z.enum(UNIT_KINDS).optional() });

/** The register of units, and each one's to-do list. */
@ApiTags('units')
@Controller('units')
export class UnitsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly db: DataSource,
    private readonly todoLists: TodoQueries,
  ) {}

  /** `q` finds a part of a name, full name or alias. */
  @Get()
  async list(@Query({ schema: listing }) { q, kind, limit, cursor }: z.infer<typeof listing>) {
    const [name, id] = startOf(cursor, z.tuple([z.string(), z.uuid()])) ?? [null, null];
    const rows = await this.db.query<UnitRow[]>(
      `select * from app.unit
       where ($1::text is null or position($1 in name) > 0 or position($1 in coalesce("fullName", '')) > 0 or position($1 in aliases::text) > 0)
         and ($2::text is null or kind = $2) and ($3::text is null or (name, id) > ($3, $4::uuid))
       order by name, id limit $5`,
      [q || null, kind, name, id, limit + 1],
    );
    return cut(rows, limit, (row) => [row.name, row.id]);
  }

  @Get(':id')
  async show(@Param('id', { schema: Id }) id: string): Promise<UnitRow> {
    const row = await this.db.manager.findOneBy(UnitRow, { id });
    if (!row) throw new Refused('missing', 'unit.unknown');
    return row;
  }

  @Get(':id/todos')
  todos(@Param('id', { schema: Id }) id: string, @Query({ schema: todoPage }) query: z.infer<typeof todoPage>, @Caller() by: Actor) {
    return this.todoLists.of(id, query, by);
  }

  @Post()
  register(@Body({ schema: unitCommands.RegisterUnit }) data: z.infer<typeof unitCommands.RegisterUnit>, @Asks() asking: Asking) {
    return this.decide(unitIdOf(data.name), { type: 'RegisterUnit', data }, asking);
  }

  @Put(':id/name')
  rename(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: unitCommands.RenameUnit }) data: z.infer<typeof unitCommands.RenameUnit>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'RenameUnit', data }, asking);
  }

  @Post(':id/aliases')
  addAlias(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: unitCommands.AddAlias }) data: z.infer<typeof unitCommands.AddAlias>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'AddAlias', data }, asking);
  }

  @Put(':id/members')
  setMembers(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: unitCommands.SetMembers }) data: z.infer<typeof unitCommands.SetMembers>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'SetMembers', data }, asking);
  }

  @Put(':id/merger')
  merge(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: unitCommands.MergeUnit }) data: z.infer<typeof unitCommands.MergeUnit>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'MergeUnit', data }, asking);
  }

  @Put(':id/dissolution')
  dissolve(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: unitCommands.DissolveUnit }) data: z.infer<typeof unitCommands.DissolveUnit>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'DissolveUnit', data }, asking);
  }

  private async decide(id: string, command: DecideUnit['command'], { by, request }: Asking): Promise<Done> {
    return done(id, await this.commands.execute(new DecideUnit(id, command, by, request)));
  }
}
