SELECT
  c.id
FROM customers AS c
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        COALESCE(a.key, b.key) AS key
      FROM (
        SELECT
          o.customer_id AS key,
          COUNT(*) AS value
        FROM orders AS o
        WHERE
          (
            o.status IN ('cancelled', 'test')
          ) IS NOT TRUE
          AND o.ordered_at >= CAST('2025-12-10 00:00:00-05:00' AS TIMESTAMPTZ)
          AND o.ordered_at < CAST('2026-03-10 11:30:00-04:00' AS TIMESTAMPTZ)
        GROUP BY
          o.customer_id
      ) AS a
      FULL JOIN (
        SELECT
          v.customer_id AS key,
          COUNT(*) AS value
        FROM visits AS v
        WHERE
          v.device IN ('mobile', 'desktop', 'tablet')
        GROUP BY
          v.customer_id
      ) AS b
        ON b.key = a.key
      WHERE
        COALESCE(a.value, 0) > 2 * COALESCE(b.value, 0)
    ) AS x
    WHERE
      x.key = c.id
  )
