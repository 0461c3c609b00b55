SELECT
  c.id
FROM customers AS c
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        w.key
      FROM (
        SELECT
          o.customer_id AS key,
          COUNT(*) AS value
        FROM orders AS o
        WHERE
          (
            o.status IN ('cancelled', 'test')
          ) IS NOT TRUE
        GROUP BY
          o.customer_id
      ) AS w
      LEFT JOIN (
        SELECT
          v.customer_id AS key,
          COUNT(*) AS value
        FROM visits AS v
        WHERE
          v.device IN ('mobile', 'desktop', 'tablet')
        GROUP BY
          v.customer_id
      ) AS p
        ON p.key = w.key
      WHERE
        COALESCE(p.value, 0) > 1 * w.value
    ) AS x
    WHERE
      x.key = c.id
  )
