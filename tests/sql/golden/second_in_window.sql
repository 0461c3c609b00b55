SELECT
  c.id
FROM customers AS c
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        n.key
      FROM (
        SELECT
          o.customer_id AS key,
          (
            o.ordered_at >= CAST('2025-12-10 00:00:00-05:00' AS TIMESTAMPTZ)
            AND o.ordered_at < CAST('2026-03-10 11:30:00-04:00' AS TIMESTAMPTZ)
          ) IS TRUE AS holds,
          ROW_NUMBER() OVER (PARTITION BY o.customer_id ORDER BY o.ordered_at, o.id) AS place
        FROM orders AS o
        WHERE
          (
            o.status IN ('cancelled', 'test')
          ) IS NOT TRUE AND o.ordered_at IS NOT NULL
      ) AS n
      WHERE
        n.place = 2 AND n.holds
    ) AS x
    WHERE
      x.key = c.id
  )
