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
      AND EXISTS(
        SELECT
          1
        FROM orders AS o2
        WHERE
          o2.customer_id = o.customer_id
          AND o2.ordered_at > o.ordered_at
          AND o2.ordered_at <= o.ordered_at + CAST('720 hours' AS INTERVAL)
          AND (
            o2.status IN ('cancelled', 'test')
          ) IS NOT TRUE
      )
  )
