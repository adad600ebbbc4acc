create table if not exists sales (day date, city text, amount int);
delete from sales where day = '${day}';
insert into sales values
  ('${day}', 'tokyo', 120), ('${day}', 'osaka', 80), ('${day}', 'tokyo', 60), ('${day}', 'nagoya', 30);
