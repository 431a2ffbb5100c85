// The items API with Fastify and Postgres.js, one process per core.
import cluster from 'node:cluster'
import { availableParallelism, cpus } from 'node:os'
import Fastify from 'fastify'
import postgres from 'postgres'

const LIST_LIMIT = 100
const host = process.env.HOST ?? '127.0.0.1'
const port = Number(process.env.PORT ?? 3000)
const workers = Number(process.env.WORKERS ?? availableParallelism?.() ?? cpus().length)

const fields = {
  name: { type: 'string', minLength: 1, maxLength: 100 },
  description: { type: ['string', 'null'], maxLength: 2000 },
  price: { type: 'number', minimum: 0 },
  in_stock: { type: 'boolean' }
}
const whole = {
  type: 'object',
  required: ['name', 'price'],
  properties: {
    ...fields,
    description: { ...fields.description, default: null },
    in_stock: { ...fields.in_stock, default: true }
  }
}
const part = { type: 'object', properties: fields }
const item = { type: 'object', properties: { id: { type: 'integer' }, ...fields } }
const params = { type: 'object', properties: { id: { type: 'integer', minimum: 1, maximum: 2147483647 } } }
const columns = ['name', 'description', 'price', 'in_stock']

function connect() {
  return postgres(process.env.DATABASE_URL, { max: 20, onnotice: () => {} })
}

async function createTable() {
  const sql = connect()
  await sql`CREATE TABLE IF NOT EXISTS items (id serial PRIMARY KEY, name varchar(100) NOT NULL,
    description varchar(2000), price double precision NOT NULL, in_stock boolean NOT NULL DEFAULT true)`
  await sql.end()
}

async function serve() {
  const sql = connect()
  // Types are not converted: "12" is no price.
  const app = Fastify({ ignoreTrailingSlash: true, keepAliveTimeout: 75000, ajv: { customOptions: { coerceTypes: false } } })
  // Parameters of a path are always text.
  app.addHook('preValidation', (request, reply, done) => {
    if ('id' in request.params) request.params.id = Number(request.params.id)
    done()
  })

  const found = (row, reply) => row ?? reply.code(404).send({ error: 'Item not found' })

  app.post('/items/', { schema: { body: whole, response: { 201: item } } }, async (request, reply) => {
    const [row] = await sql`INSERT INTO items ${sql(request.body, columns)} RETURNING *`
    return reply.code(201).send(row)
  })
  app.get('/items/', { schema: { response: { 200: { type: 'array', items: item } } } }, () =>
    sql`SELECT * FROM items ORDER BY id LIMIT ${LIST_LIMIT}`)
  app.get('/items/:id', { schema: { params, response: { 200: item } } }, async (request, reply) => {
    const [row] = await sql`SELECT * FROM items WHERE id = ${request.params.id}`
    return found(row, reply)
  })
  app.put('/items/:id', { schema: { params, body: whole, response: { 200: item } } }, async (request, reply) => {
    const [row] = await sql`UPDATE items SET ${sql(request.body, columns)} WHERE id = ${request.params.id} RETURNING *`
    return found(row, reply)
  })
  app.patch('/items/:id', { schema: { params, body: part, response: { 200: item } } }, async (request, reply) => {
    const given = columns.filter(column => column in request.body)
    const [row] = given.length
      ? await sql`UPDATE items SET ${sql(request.body, given)} WHERE id = ${request.params.id} RETURNING *`
      : await sql`SELECT * FROM items WHERE id = ${request.params.id}`
    return found(row, reply)
  })
  app.delete('/items/:id', { schema: { params } }, async (request, reply) => {
    const gone = await sql`DELETE FROM items WHERE id = ${request.params.id}`
    return gone.count ? reply.code(204).send() : found(undefined, reply)
  })

  await app.listen({ host, port })
  process.on('SIGTERM', async () => {
    await app.close()
    await sql.end()
    process.exit(0)
  })
}

if (cluster.isPrimary) {
  await createTable()
  for (let i = 0; i < workers; ++i) cluster.fork()
  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, () => {
      stopping = true
      for (const worker of Object.values(cluster.workers)) worker.kill('SIGTERM')
    })
  }
  cluster.on('exit', () => {
    if (!stopping) {
      console.error('a worker died')
      process.exit(1)
    }
  })
} else {
  await serve()
}
