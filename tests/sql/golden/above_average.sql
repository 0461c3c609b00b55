SELECT
  c.id
FROM customers AS c
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        r.key
      FROM (
        SELECT
          c2.id AS key,
          c2.income AS value,
          AVG(c2.income) OVER () AS middle
        FROM customers AS c2
        WHERE
          c2.income IS NOT NULL
      ) AS r
      WHERE
        r.value > r.middle
    ) AS x
    WHERE
      x.key = c.id
  )
