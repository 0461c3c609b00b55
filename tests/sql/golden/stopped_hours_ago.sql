SELECT
  c.id
FROM customers AS c
WHERE
  EXISTS(
    SELECT
      1
    FROM orders AS o
    WHERE
      o.customer_id = c.id
      AND (
        o.status IN ('cancelled', 'test')
      ) IS NOT TRUE
      AND o.ordered_at < CAST('2026-03-09 05:30:00-04:00' AS TIMESTAMPTZ)
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM orders AS o
    WHERE
      o.customer_id = c.id
      AND (
        o.status IN ('cancelled', 'test')
      ) IS NOT TRUE
      AND o.ordered_at >= CAST('2026-03-09 05:30:00-04:00' AS TIMESTAMPTZ)
      AND o.ordered_at < CAST('2026-03-10 11:30:00-04:00' AS TIMESTAMPTZ)
  )
