CREATE TYPE order_status AS ENUM ('open', 'paid', 'sent');
CREATE TABLE customers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  name varchar(40) NOT NULL,
  tags text[] NOT NULL DEFAULT '{}');
CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint NOT NULL REFERENCES customers,
  status order_status NOT NULL DEFAULT 'open',
  total numeric(10,2) NOT NULL CHECK (total >= 0),
  placed_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE films (
  code text PRIMARY KEY,
  title text NOT NULL,
  length interval,
  rating numeric,
  search tsvector GENERATED ALWAYS AS (to_tsvector('simple', title)) STORED);
CREATE TABLE rentals (
  film text NOT NULL REFERENCES films,
  day date NOT NULL,
  customer_id bigint NOT NULL REFERENCES customers,
  back timestamptz,
  PRIMARY KEY (film, day));
INSERT INTO customers (email, name, tags) VALUES ('ada@example.org', 'Ada', '{vip,post}'), ('bob@example.org', 'Bob', '{}');
INSERT INTO orders (customer_id, status, total, placed_at) SELECT 1 + n % 2, (ARRAY['open','paid','sent']::order_status[])[1 + n % 3],
  n * 19.99, '2026-11-01 10:00+01'::timestamptz + n * interval '7 hours' FROM generate_series(1, 30) n;
