SELECT
  c.id
FROM customers AS c
WHERE
  EXISTS(
    SELECT
      1
    FROM visits AS v
    WHERE
      v.customer_id = c.id
      AND v.device IN ('mobile', 'desktop', 'tablet')
      AND v.day >= CAST('2026-03-03' AS DATE)
      AND v.day < CAST('2026-03-11' AS DATE)
  )
