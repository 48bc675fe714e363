/** A demo tenant: a trade, a look, the analyzers it uses and the file of its first job. */
export interface DemoTenant {
  readonly slug: string;
  readonly name: string;
  /** Share of the devices. */
  readonly weight: number;
  readonly analyzers: readonly string[];
  readonly ownerEmail: string;
  readonly brand: Readonly<Record<string, unknown>>;
  readonly firstJob: { readonly analyzer: string; readonly field: string; readonly sample: string };
}

/** Three companies of different trades; their colors are the hard cases of contrast: red, yellow, green. */
export const DEMO_TENANTS: readonly DemoTenant[] = [
  {
    slug: 'hanbit',
    name: 'Hanbit Precision',
    weight: 2,
    analyzers: ['surface-inspection', 'digit-reader'],
    ownerEmail: 'owner@hanbit.example',
    brand: {
      schema: 1,
      identity: { name: 'Hanbit Precision', shortName: 'Hanbit', supportEmail: 'help@hanbit.example' },
      theme: {
        primary: '#a50034',
        neutral: 'cool',
        radius: 'sm',
        density: 'comfortable',
        font: 'system',
        mode: 'auto',
      },
      layout: { nav: 'top', login: 'split_left', home: 'new' },
      locales: { enabled: ['ko', 'en'], default: 'ko' },
      copy: {
        ko: {
          'login.title': '한빛정밀 검사실',
          'login.note': '강판과 가공면의 흠을 찾아냅니다.',
          'home.welcome': '오늘도 흠 없는 하루 되세요.',
        },
        en: {
          'login.title': 'Hanbit inspection room',
          'login.note': 'Finds flaws on plates and machined faces.',
          'home.welcome': 'Have a flawless day.',
        },
      },
      analyzers: [
        {
          slug: 'surface-inspection',
          label: { ko: '강판 표면 검사', en: 'Plate inspection' },
          stages: { infer: { ko: '불량 판정', en: 'Judging' } },
        },
        { slug: 'digit-reader', label: { ko: '각인 번호 판독', en: 'Engraved number' } },
      ],
    },
    firstJob: { analyzer: 'surface-inspection', field: 'image', sample: 'hanbit-weld-plate.png' },
  },
  {
    slug: 'dasan',
    name: 'Dasan Logistics',
    weight: 1,
    analyzers: ['digit-reader'],
    ownerEmail: 'owner@dasan.example',
    brand: {
      schema: 1,
      identity: { name: 'Dasan Logistics', shortName: 'Dasan', supportEmail: 'help@dasan.example' },
      theme: {
        primary: '#fee500',
        neutral: 'warm',
        radius: 'lg',
        density: 'comfortable',
        font: 'system',
        mode: 'auto',
      },
      layout: { nav: 'top', login: 'center', home: 'new' },
      locales: { enabled: ['ko', 'en'], default: 'ko' },
      copy: {
        ko: {
          'login.title': '다산물류 송장 판독',
          'login.note': '사진 한 장이면 송장 번호를 읽습니다.',
          'home.welcome': '오늘 도착한 송장을 읽어 볼까요?',
        },
        en: {
          'login.title': 'Dasan label reader',
          'login.note': 'One photo, and the parcel number is read.',
          'home.welcome': 'Which labels arrived today?',
        },
      },
      analyzers: [
        {
          slug: 'digit-reader',
          label: { ko: '송장 번호 판독', en: 'Parcel number' },
          stages: { infer: { ko: '글자 읽기', en: 'Reading' } },
        },
      ],
    },
    firstJob: { analyzer: 'digit-reader', field: 'image', sample: 'dasan-parcel-label.png' },
  },
  {
    slug: 'pureun',
    name: 'Pureun Energy',
    weight: 1,
    analyzers: ['signal-anomaly', 'meter-reader', 'digit-reader'],
    ownerEmail: 'owner@pureun.example',
    brand: {
      schema: 1,
      identity: { name: 'Pureun Energy', shortName: 'Pureun', supportEmail: 'help@pureun.example' },
      theme: { primary: '#03c75a', neutral: 'none', radius: 'md', density: 'compact', font: 'system', mode: 'auto' },
      layout: { nav: 'side', login: 'split_right', home: 'history' },
      locales: { enabled: ['ko', 'en'], default: 'ko' },
      copy: {
        ko: {
          'login.title': '푸른에너지 설비 관제',
          'login.note': '터빈의 작은 떨림까지 살핍니다.',
          'home.welcome': '설비가 보내온 신호를 살펴보세요.',
        },
        en: {
          'login.title': 'Pureun plant watch',
          'login.note': 'Hears the smallest tremor of a turbine.',
          'home.welcome': 'See what the machines are saying.',
        },
      },
      analyzers: [
        {
          slug: 'signal-anomaly',
          label: { ko: '터빈 진동 진단', en: 'Turbine vibration' },
          stages: { infer: { ko: '이상 진단', en: 'Diagnosing' } },
        },
        { slug: 'meter-reader', label: { ko: '계량기 검침', en: 'Meter reading' } },
        { slug: 'digit-reader', label: { ko: '숫자 판독', en: 'Digits' } },
      ],
    },
    firstJob: { analyzer: 'signal-anomaly', field: 'file', sample: 'pureun-turbine-vibration.csv' },
  },
];

/** Account of the demo operator. */
export const DEMO_OPERATOR = { email: 'operator@maru.example', name: 'Maru operator' };
