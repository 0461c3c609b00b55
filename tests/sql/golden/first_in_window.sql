SELECT
  c.id
FROM customers AS c
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        o.customer_id AS key
      FROM orders AS o
      WHERE
        (
          o.status IN ('cancelled', 'test')
        ) IS NOT TRUE
      GROUP BY
        o.customer_id
      HAVING
        MIN(o.ordered_at) >= CAST('2025-01-01 00:00:00-05:00' AS TIMESTAMPTZ)
        AND MIN(o.ordered_at) < CAST('2026-01-01 00:00:00-05:00' AS TIMESTAMPTZ)
    ) AS x
    WHERE
      x.key = c.id
  )
