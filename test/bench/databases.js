import pg from 'pg';

/** A new, empty database on the server; what is left of an earlier section goes. */
export async function freshDatabase(server, name) {
  await query(server.url(), `drop database if exists ${name} with (force)`);
  await query(server.url(), `create database ${name}`);
  return server.url(name);
}

/** One statement, or several without values, on a connection of its own. */
export async function query(url, text, values) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(text, values);
    return rows;
  } finally {
    await client.end();
  }
}
