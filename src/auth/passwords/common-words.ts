/**
 * Words that people build passwords of, folded: lower case, letters only. English, Korean in Latin letters and as typed
 * on a keyboard set to English, names, teams, and walks over the keys.
 */
const WORDS = `
password passwort passwords pass passwd passcode passphrase passw motdepasse contrasena senha parola haslo heslo
welcome willkommen bienvenue admin administrator root superuser user username login logon signin guest default
changeme changeit letmein letmeinnow openup opensesame secret secrets topsecret mysecret private access accessdenied
test testing tester tests demo demos sample example temp temporary trial hello hellothere helloworld goodbye
qwerty qwertyu qwertyui qwertyuio qwertyuiop qwert qwertz qwertzuiop azerty azertyuiop asdf asdfg asdfgh asdfghj asdfghjk
asdfghjkl asdfasdf asdfjkl zxcv zxcvb zxcvbn zxcvbnm qazwsx qazwsxedc qweasd qweasdzxc qaz wsx edc zaq zaqwsx poiuytrewq
lkjhgfdsa mnbvcxz abc abcd abcde abcdef abcdefg abcdefgh abcdefghi abcdefghij abcabc xyz xyzzy alphabet
iloveyou iloveu ilove loveyou lovely love lover loveme mylove truelove babygirl baby babe honey sweetheart sweetie darling
princess prince queen king angel angels devil heaven jesus jesuschrist christ god godisgood bible faith blessed
monkey dragon tiger lion eagle falcon wolf bear panther horse dolphin butterfly chicken kitty kitten puppy doggie cat dog
football soccer baseball basketball hockey tennis golf golfer cricket rugby volleyball liverpool chelsea arsenal
manchester manutd barcelona realmadrid juventus yankees cowboys lakers steelers redsox packers eagles raiders
sunshine sunflower flower flowers rainbow summer winter spring autumn fall january february march april may june july
august september october november december monday tuesday wednesday thursday friday saturday sunday weekend
michael jennifer jessica ashley amanda daniel david andrew joshua jordan thomas robert matthew anthony william charlie
michelle nicole hannah samantha elizabeth alexander alexandra christian christopher patrick richard george harley maggie
taylor tigger pepper ginger bailey buster cookie chocolate banana orange apple cherry peanut coffee pizza cheese
superman batman spiderman ironman starwars startrek pokemon pikachu naruto minecraft fortnite matrix hunter killer ninja
shadow master mustang ferrari porsche mercedes corvette chevy ford honda toyota bmw audi yamaha kawasaki ducati
computer internet windows microsoft google facebook instagram youtube samsung android iphone linux ubuntu oracle cisco
server database network system security company office business money dollar bitcoin trustno trustnoone whatever
freedom liberty america usa canada london paris berlin tokyo korea seoul busan china india australia
fuckyou fuckoff fuck fucker asshole bitch sexy sexygirl pussy
daehanminguk hanguk seoulkorea saranghae saranghaeyo annyeong annyeonghaseyo hanbit bimil bimilbeonho gksrnr tkfkd tkfkdgo
dkssud dkssudgktpdy qlalf qlalfqjsgh wkdtn rlatjdxor dlwldms
maru platform analysis analyzer tenant portal console factory machine robot inspector operator owner developer analyst viewer
`;

/** The set of them. */
export const COMMON_WORDS: ReadonlySet<string> = new Set(WORDS.split(/\s+/).filter((word) => word !== ''));
